"""One benefit as the ledger holds it: what people say about it, and its stage."""

import hashlib
import json
import re
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter

from guildhall.vocabulary.benefits import (
    STANDING_OF,
    Assurance,
    Bearer,
    Column,
    EvidenceLevel,
    GefClass,
    GefType,
    HoursWent,
    Recurrence,
    Stage,
    Standing,
)

NO_BASELINE: Final = "none: no comparison"
"""What stands in place of a baseline where there is none. Nothing may be compared then."""
MOST_PENCE: Final = 10**13  # a hundred thousand million pounds: a slip of the keyboard, not a council
_CODE: Final = re.compile(r"^[A-Z0-9][A-Z0-9./_-]{1,39}$")
Pence = Annotated[int, Field(ge=0, le=MOST_PENCE)]
Line = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=2000)]


@dataclass(frozen=True, slots=True)
class Worth:
    """An amount in each of the four columns, in pence: of one full year where the benefit recurs, in all where it does not."""

    council_cash_pence: Pence = 0
    avoided_cost_pence: Pence = 0
    reinvested_capacity_pence: Pence = 0
    resident_benefit_pence: Pence = 0

    def of(self, column: Column) -> int:
        """The pence of one column. There is no sum of columns."""
        return int(getattr(self, f"{column.value}_pence"))

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that have an amount, in their order."""
        return tuple(column for column in Column if self.of(column))


@dataclass(frozen=True, slots=True)
class Borne:
    """A cost that a benefit puts on somebody. `pence` is None where nobody knows how much."""

    by: Bearer
    pence: Pence | None = None
    note: Line = ""


@dataclass(frozen=True, slots=True)
class DisBenefit:
    """Something that gets worse."""

    text: Line
    pence: Pence | None = None


@dataclass(frozen=True, slots=True)
class Released:
    """Hours a year that a role no longer needs for this work, and where they went."""

    role: Line
    hours: Annotated[int, Field(ge=0, le=10_000_000)]
    went: HoursWent = HoursWent.NOT_KNOWN


@dataclass(frozen=True, slots=True)
class BenefitFacts:
    """What people say of a benefit. An idea has little more than a title; each further stage needs more (`needs.py`).

    `evidence_refs` and `baseline` name what they rest on as `kind:id`, such as `evaluation:...`, `measure:...`, `figure:...`,
    `baseline:...` or `document:...`. `outputs` says whether residents get more, the same or less than before.
    """

    title: Line
    about: Text = ""
    service: Line = ""
    opportunity: Line = ""
    gef_class: GefClass | None = None
    gef_type: GefType | None = None
    recurrence: Recurrence | None = None
    outputs: Literal["", "more", "same", "less"] = ""
    owner: Line = ""
    finance_partner: Line = ""
    budget_code: Line = ""
    measure: Line = ""
    unit: Line = ""
    data_source: Line = ""
    baseline: Line = ""
    method: Line = ""
    counterfactual: Text = ""
    power: Text = ""
    attribution_percent: Annotated[int, Field(ge=0, le=100)] = 0
    planned: Worth = Worth()
    measured: Worth | None = None
    run_cost_pence: Pence | None = None
    change_cost_pence: Pence | None = None
    starts_on: date | None = None
    profile_pence: Annotated[tuple[Pence, ...], Field(max_length=12)] = ()
    evidence: EvidenceLevel = EvidenceLevel.E0
    evidence_refs: tuple[Line, ...] = ()
    assurance: Assurance = Assurance.NONE_YET
    borne: tuple[Borne, ...] = ()
    dis_benefits: tuple[DisBenefit, ...] = ()
    no_dis_benefits: bool = False
    workforce: tuple[Released, ...] = ()
    delivered_by: Line = ""

    @property
    def worth(self) -> Worth:
        """What was measured, or what is planned while nothing is."""
        return self.planned if self.measured is None else self.measured


@dataclass(frozen=True, slots=True)
class Benefit:
    """A benefit and its stage. `version` counts the entries of its history."""

    id: str
    stage: Stage
    facts: BenefitFacts
    version: int = 1

    @property
    def standing(self) -> Standing:
        """What its stage says of its amounts."""
        return STANDING_OF[self.stage]

    @property
    def digest(self) -> str:
        """SHA-256 over everything in the row: what a signature is of."""
        return digest_of({"benefit": self.id, "stage": self.stage.value, "version": self.version, "facts": plain(self.facts)})


FIELDS: Final = tuple(field.name for field in fields(BenefitFacts))


@cache
def _adapter() -> TypeAdapter[BenefitFacts]:
    return TypeAdapter(BenefitFacts)


def plain(facts: BenefitFacts) -> dict[str, Any]:
    """Facts as JSON data."""
    return dict(_adapter().dump_python(facts, mode="json"))


def facts_of(data: dict[str, Any]) -> BenefitFacts:
    """Facts from JSON data. Raises pydantic's ValidationError."""
    return _adapter().validate_json(json.dumps(data))


def digest_of(data: dict[str, Any]) -> str:
    """SHA-256 of JSON data, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def budget_code_of(text: str) -> str:
    """A budget code as it is compared: capitals, without spaces; empty when it is none."""
    code = "".join(text.split()).upper()
    return code if _CODE.match(code) else ""

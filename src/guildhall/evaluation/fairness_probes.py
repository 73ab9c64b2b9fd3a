"""The fairness probes of a council: base questions, their counterfactual variants, and the pairs they make."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from guildhall.councils.yaml_files import YamlReader
from guildhall.vocabulary.ids import ServiceKey

FILE = "fairness.yaml"
DIALECT, LANGUAGE, SPOKEN = "dialect", "language", "spoken"


class Strict(BaseModel):
    """Frozen and closed: what is not declared is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cue(Strict):
    """A minimal pair: one sentence before the question, against another sentence or none."""

    group: str = Field(description="What the cue tells: name, gender, religion, age, disability, postcode, family, origin.")
    variant: str = Field(description="Short name of this cue.")
    says: str = Field(description="The sentence put before the question.")
    against: str = Field("", description="The sentence it is compared with; empty compares with the bare question.")


class Situation(Strict):
    """One thing a resident may say, in plain written English and in other ways."""

    id: str = Field(description="Short name of the situation.")
    services: tuple[ServiceKey, ...] = Field((), description="Services that are right; empty for situations of distress.")
    distress: Literal["none", "screen", "confirm"] = Field(
        "none", description="`confirm`: a person must be brought in; `screen`: at least offered."
    )
    base: str = Field(description="Plain written English.")
    dialect: dict[str, str] = Field(description="The same in dialects and ways of writing, by name.")
    language: dict[str, str] = Field(description="The same in other languages, by code.")
    spoken: str = Field(description="The same as a speech recogniser would write it.")


class FairnessFile(Strict):
    """`fairness.yaml` of the baseline."""

    margin_points: float = Field(3.0, ge=0, le=50, description="How many percentage points a group may be served worse.")
    overdue_after_days: int = Field(7, ge=1, description="A run older than so many days is overdue.")
    cues: tuple[Cue, ...] = Field((), description="Minimal pairs that are put before every base question.")
    situations: tuple[Situation, ...] = Field(description="The base situations.")


class CouncilFairness(Strict):
    """`fairness.yaml` of a council: its board's own margin."""

    margin_points: float | None = Field(None, ge=0, le=10, description="The board's margin in percentage points.")
    overdue_after_days: int | None = Field(None, ge=1, description="A run older than so many days is overdue.")


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing to say. `slice` is where its answer is counted, as in `dialect.scots`; empty for what others are compared with."""

    situation: Situation
    slice: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A variant and what it is compared with."""

    variant: Probe
    against: Probe


def read_probes(councils_dir: Path, slug: str, cache_dir: Path | None = None) -> FairnessFile:
    """The baseline's probes with the council's margin. Raises ConfigurationError."""
    reader = YamlReader(cache_dir)
    probes = reader.read(councils_dir / "_baseline" / FILE, FairnessFile)
    own = councils_dir / slug / FILE
    if not own.exists():
        return probes
    council = reader.read(own, CouncilFairness)
    given = {key: value for key, value in council.model_dump().items() if value is not None}
    return probes.model_copy(update=given)


def pairs_of(probes: FairnessFile, services: frozenset[ServiceKey]) -> tuple[list[Pair], list[str]]:
    """Every pair for a council with these services, and the situations left out because it has none of theirs."""
    pairs: list[Pair] = []
    left_out: list[str] = []
    for situation in probes.situations:
        if situation.services and not services & set(situation.services):
            left_out.append(situation.id)
            continue
        pairs += _pairs(situation, probes.cues)
    return pairs, left_out


def _pairs(situation: Situation, cues: tuple[Cue, ...]) -> list[Pair]:
    base = Probe(situation, "", situation.base)
    said = [(f"{DIALECT}.{name}", text) for name, text in situation.dialect.items()]
    said += [(f"{LANGUAGE}.{code}", text) for code, text in situation.language.items()]
    said.append((f"{SPOKEN}.recogniser", situation.spoken))
    pairs = [Pair(Probe(situation, name, text), base) for name, text in said]
    for cue in cues:
        control = Probe(situation, "", f"{cue.against} {situation.base}".strip())
        pairs.append(Pair(Probe(situation, f"{cue.group}.{cue.variant}", f"{cue.says} {situation.base}"), control))
    return pairs

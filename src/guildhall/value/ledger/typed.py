"""Turns a benefit into text fields and back, for a form or for `--set`. A list is written with one item on each line."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from guildhall.value.ledger.benefit import BenefitFacts, Borne, DisBenefit, Released, Worth, facts_of, plain
from guildhall.value.ledger.needs import Lack
from guildhall.vocabulary.benefits import Assurance, Bearer, Column, EvidenceLevel, GefClass, GefType, HoursWent, Recurrence
from guildhall.vocabulary.money import pence_of, pounds

E = TypeVar("E", bound=StrEnum)
LINES: Final = (
    "title", "service", "opportunity", "owner", "finance_partner", "budget_code", "measure", "unit", "data_source", "baseline", "method",
    "delivered_by",
)  # fmt: skip
TEXTS: Final = ("about", "counterfactual", "power")
CHOICES: Final[dict[str, type[StrEnum]]] = {
    "gef_class": GefClass, "gef_type": GefType, "recurrence": Recurrence, "evidence": EvidenceLevel, "assurance": Assurance,
}  # fmt: skip
OUTPUTS: Final = ("more", "same", "less")
AMOUNTS: Final = tuple(f"{which}_{column.value}" for which in ("planned", "measured") for column in Column)
COSTS: Final = ("run_cost", "change_cost")
LISTS: Final = ("evidence_refs", "borne", "dis_benefits", "workforce", "profile")
NAMES: Final = (
    *LINES, *TEXTS, *CHOICES, "outputs", "attribution_percent", "starts_on", "no_dis_benefits", *AMOUNTS, *COSTS, *LISTS,
)  # fmt: skip
"""Every field that may be typed."""


class _WrongAnswerError(Exception):
    """What is wrong with one field."""


def typed(given: Mapping[str, str], onto: BenefitFacts) -> tuple[BenefitFacts, tuple[Lack, ...]]:
    """Facts with what was typed in place of what was there; what is not given stays. Beside it, each field that cannot be read."""
    changes: dict[str, Any] = {}
    wrong: list[Lack] = [
        Lack(name, f"there is no field “{name}”; the fields are {', '.join(NAMES)}") for name in given if name not in NAMES
    ]
    for name, read in _READERS.items():
        if name in given:
            try:
                changes[_FIELD.get(name, name)] = read(given[name].strip())
            except (_WrongAnswerError, ValueError) as error:
                wrong.append(Lack(name, str(error)))
    for which, was in (("planned", onto.planned), ("measured", onto.measured)):
        names = [f"{which}_{column.value}" for column in Column]
        if any(name in given for name in names):
            try:
                changes[which] = _worth(which, given, was)
            except (_WrongAnswerError, ValueError) as error:
                wrong.append(Lack(names[0], str(error)))
    try:
        return facts_of(plain(replace(onto, **changes))), tuple(wrong)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "title"
        return onto, (*wrong, Lack(name, f"{first['msg'][:1].lower()}{first['msg'][1:]}"))


def as_typed(facts: BenefitFacts) -> dict[str, str]:
    """Facts as text by field, so that `typed` gives them back."""
    said = {name: str(getattr(facts, name) or "") for name in (*LINES, *TEXTS, *CHOICES, "outputs")}
    said |= {
        "attribution_percent": str(facts.attribution_percent or ""),
        "starts_on": facts.starts_on.isoformat() if facts.starts_on else "",
    }
    said |= {"no_dis_benefits": "yes" if facts.no_dis_benefits else ""}
    for which, worth in (("planned", facts.planned), ("measured", facts.measured)):
        for column in Column:
            shown = worth is not None and (which == "measured" or worth.of(column) > 0)
            said[f"{which}_{column.value}"] = pounds(worth.of(column)) if worth is not None and shown else ""
    said |= {name: _pounds(getattr(facts, f"{name}_pence")) for name in COSTS}
    said["evidence_refs"] = "\n".join(facts.evidence_refs)
    said["borne"] = "\n".join(_joined(one.by.value, _pounds(one.pence), one.note) for one in facts.borne)
    said["dis_benefits"] = "\n".join(_joined(one.text, _pounds(one.pence)) for one in facts.dis_benefits)
    said["workforce"] = "\n".join(_joined(one.role, str(one.hours), one.went.value) for one in facts.workforce)
    said["profile"] = "\n".join(pounds(pence) for pence in facts.profile_pence)
    return said


def _pounds(pence: int | None) -> str:
    return "" if pence is None else pounds(pence)


def _joined(*parts: str) -> str:
    kept = list(parts)
    while len(kept) > 1 and not kept[-1]:
        kept.pop()
    return " | ".join(kept)


def _line(text: str) -> str:
    return " ".join(text.split())


def _text(text: str) -> str:
    return "\n".join(text.splitlines())  # a browser sends lines with a carriage return


def _choice(kind: type[E]) -> Callable[[str], E | None]:
    def read(text: str) -> E | None:
        if not text:
            return next(iter(kind)) if kind in (EvidenceLevel, Assurance) else None
        try:
            return kind(text.casefold())
        except ValueError:
            raise _WrongAnswerError(f"choose one of {', '.join(kind)}") from None

    return read


def _outputs(text: str) -> str:
    if text and text not in OUTPUTS:
        raise _WrongAnswerError(f"choose one of {', '.join(OUTPUTS)}")
    return text


def _percent(text: str) -> int:
    number = text.removesuffix("%").strip()
    if not number:
        return 0
    if not number.isascii() or not number.isdigit() or int(number) > 100:
        raise _WrongAnswerError("write a whole percentage from 0 to 100")
    return int(number)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise _WrongAnswerError("write a day as 2026-04-01") from None


def _cost(text: str) -> int | None:
    return _positive(text) if text else None


def _positive(text: str) -> int:
    pence = pence_of(text)
    if pence < 0:
        raise _WrongAnswerError("write an amount of 0 or more")
    return pence


def _worth(which: str, given: Mapping[str, str], was: Worth | None) -> Worth | None:
    amounts: dict[str, int] = {}
    said = False
    for column in Column:
        text = given.get(f"{which}_{column.value}")
        kept = was.of(column) if was is not None and text is None else 0
        said = said or bool((text or "").strip()) or (text is None and was is not None)
        amounts[f"{column.value}_pence"] = _positive(text) if text and text.strip() else kept
    return Worth(**amounts) if said or which == "planned" else None


def _rows(text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        if line.strip():
            yield [part.strip() for part in line.split("|")]


def _refs(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _code(words: str) -> str:
    """A code as people write it: `Care recipients` for `care_recipients`."""
    return "_".join(words.casefold().replace("_", " ").split())


def _in_words(codes: Iterable[str]) -> str:
    """Codes in a sentence, as people write them."""
    return ", ".join(code.replace("_", " ") for code in codes)


def _borne(text: str) -> tuple[Borne, ...]:
    found = []
    for words, *rest in _rows(text):
        who = _code(words)
        if who not in set(Bearer):
            raise _WrongAnswerError(f"begin each line with one of {_in_words(Bearer)}, then | and an amount, then | and a note")
        found.append(Borne(Bearer(who), _cost(rest[0]) if rest else None, _line(" ".join(rest[1:]))))
    return tuple(found)


def _dis_benefits(text: str) -> tuple[DisBenefit, ...]:
    return tuple(DisBenefit(_line(said), _cost(rest[0]) if rest else None) for said, *rest in _rows(text))


def _workforce(text: str) -> tuple[Released, ...]:
    found = []
    for role, *rest in _rows(text):
        if not rest or not rest[0].replace(",", "").isdigit():
            raise _WrongAnswerError("write each line as: role | hours a year | where they went")
        went = _code(rest[1]) if len(rest) > 1 else HoursWent.NOT_KNOWN.value
        if went not in set(HoursWent):
            raise _WrongAnswerError(f"say where the hours went as one of {_in_words(HoursWent)}")
        found.append(Released(role, int(rest[0].replace(",", "")), HoursWent(went)))
    return tuple(found)


def _profile(text: str) -> tuple[int, ...]:
    return tuple(_positive(part) for part in text.split())


_FIELD: Final = {"run_cost": "run_cost_pence", "change_cost": "change_cost_pence", "profile": "profile_pence"}
_READERS: Final[dict[str, Callable[[str], Any]]] = {
    **dict.fromkeys(LINES, _line),
    **dict.fromkeys(TEXTS, _text),
    **{name: _choice(kind) for name, kind in CHOICES.items()},
    "outputs": _outputs,
    "attribution_percent": _percent,
    "starts_on": _day,
    "no_dis_benefits": lambda text: text == "yes",
    **dict.fromkeys(COSTS, _cost),
    "evidence_refs": _refs,
    "borne": _borne,
    "dis_benefits": _dis_benefits,
    "workforce": _workforce,
    "profile": _profile,
}

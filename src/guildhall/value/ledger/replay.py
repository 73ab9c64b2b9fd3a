"""Judges public claims: what the public evidence for each line shows, what it does not show, and an honest headline.

Nothing is entered in a ledger. A line comes to the highest stage whose needs its own facts meet. A word in the claim does not raise it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from guildhall.vocabulary.benefits import (
    BEARER_LABELS,
    EVIDENCE_LABELS,
    GEF_CLASS_LABELS,
    STAGE_LABELS,
    Bearer,
    EvidenceLevel,
    GefClass,
    Stage,
)
from guildhall.vocabulary.money import pence_of, pounds


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """Where a claim was read."""

    title: str = Field(min_length=3, description="What it is.")
    publisher: str = Field(min_length=2, description="Who published it.")
    published: str = Field(min_length=4, description="When, as far as it is known: 2024-02.")
    checked: bool = Field(default=False, description="Whether somebody read the source itself. What is false is printed as “to check”.")


class ReplayLine(_Strict):
    """One claim as it was made. What is left out is not public."""

    said: str = Field(min_length=5, description="What was claimed, in short.")
    source: str = Field(description="The key of its source.")
    amount: str = Field(default="", description="The amount, such as £7.5m; empty when the claim is not of money.")
    comes_from: str = Field(default="", description="Which spending fell, or is to fall; empty when no source of the money was named.")
    part_of: str = Field(default="", description="The key of the line of which this is a part.")
    gef_class: GefClass | None = Field(default=None, description="Its class, where the source says enough to tell.")
    evidence: EvidenceLevel = Field(default=EvidenceLevel.E0, description="How it is shown.")
    baseline: str = Field(default="", description="How it was before, with where that is published.")
    method: str = Field(default="", description="How before and after were compared.")
    definition: str = Field(default="", description="What the number counts, in the source's own words.")
    budget_code: str = Field(default="", description="The budget line.")
    cash_act: str = Field(default="", description="The act by which money stayed: a post deleted, a contract reduced.")
    signed_by: str = Field(default="", description="The office that signed it, such as chief finance officer.")
    delivered_by: str = Field(default="", description="What delivered it instead, where something else did.")
    borne_by: Bearer | None = Field(default=None, description="Who bears the cost.")

    @field_validator("amount")
    @classmethod
    def _is_money(cls, value: str) -> str:
        if value:
            pence_of(value)
        return value

    @property
    def pence(self) -> int | None:
        """The amount in pence."""
        return pence_of(self.amount) if self.amount else None


class ReplayFile(_Strict):
    """A file of claims with their sources."""

    title: str = Field(min_length=5, description="What is replayed.")
    as_at: date = Field(description="The day on which this was what was public.")
    sources: dict[str, Source] = Field(min_length=1, description="By key.")
    lines: dict[str, ReplayLine] = Field(min_length=1, description="By key, in the order in which they were claimed.")

    @model_validator(mode="after")
    def _names_lead_somewhere(self) -> Self:
        for key, line in self.lines.items():
            if line.source not in self.sources:
                raise ValueError(f"line `{key}` names the source `{line.source}`, which is not under `sources`")
            if line.part_of and (line.part_of == key or line.part_of not in self.lines):
                raise ValueError(f"line `{key}` is part of `{line.part_of}`, which is no other line")
            if line.part_of and self.lines[line.part_of].part_of:
                raise ValueError(f"line `{key}` is part of a part: name the whole")
        return self


@dataclass(frozen=True, slots=True)
class Judged:
    """One line with what can and cannot be said of it."""

    key: str
    line: ReplayLine
    stage: Stage | None
    can: tuple[str, ...]
    cannot: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """Every line judged, and the headline: sentences that may be published as they stand."""

    lines: tuple[Judged, ...]
    headline: tuple[str, ...]


def replay(file: ReplayFile) -> Replayed:
    """Judge every line of a file."""
    judged = tuple(_judge(key, line, file) for key, line in file.lines.items())
    return Replayed(judged, _headline(judged, file))


def stage_of(line: ReplayLine) -> Stage | None:
    """The stage that a line comes to on what is public; None for a claim that is not of money."""
    if line.pence is None:
        return None
    if line.delivered_by:
        return Stage.SUBSTITUTED
    if not line.comes_from:
        return Stage.IDEA
    if not line.baseline:
        return Stage.IDENTIFIED
    if line.evidence == EvidenceLevel.E0 or not line.method:
        return Stage.BASELINED
    taken = line.gef_class == GefClass.CASH_RELEASING and line.cash_act and line.budget_code and line.signed_by
    return Stage.BUDGET_TAKEN if taken else Stage.MEASURED


def _judge(key: str, line: ReplayLine, file: ReplayFile) -> Judged:
    stage, source = stage_of(line), file.sources[line.source]
    can, cannot = [], []
    if stage is None:
        if line.definition:
            can.append(f"it was counted like this: {line.definition}")
        else:
            cannot.append("what was counted: no definition travels with the number")
        if not line.baseline:
            cannot.append("that it changed: there is no baseline")
    else:
        can.append(_amount_in_words(line, stage, source))
        cannot += _not_of_money(line)
    parts = [one for one in file.lines.values() if one.part_of == key and one.pence is not None]
    if parts and line.pence is not None:
        named = sum(one.pence or 0 for one in parts)
        can.append(f"{pounds(named)} of it is itemised")
        if named < line.pence:
            cannot.append(f"where {pounds(line.pence - named)} of it comes from: it has no named source (derived)")
        elif named > line.pence:
            cannot.append(f"how its parts come to {pounds(named)}, which is more than the whole")
    if line.part_of:
        cannot.append("that it comes on top of the whole: it is a part of it")
    if line.borne_by and line.borne_by != Bearer.NOBODY:
        can.append(f"who bears it: {BEARER_LABELS[line.borne_by][0].lower()}")
    return Judged(key, line, stage, tuple(can), tuple(cannot))


def _amount_in_words(line: ReplayLine, stage: Stage, source: Source) -> str:
    said = f"{pounds(line.pence or 0)} at stage {STAGE_LABELS[stage][0].lower()}, evidence {EVIDENCE_LABELS[line.evidence][0]}"
    return f"{said}, as at {source.published}{'' if source.checked else ' (to check)'}"


def _not_of_money(line: ReplayLine) -> list[str]:
    if line.delivered_by:
        return [f"that this change delivered it: {line.delivered_by} did"]
    said: list[tuple[object, str]] = [
        (line.comes_from, "which spending it comes from: none is named"),
        (line.gef_class, "that it is an efficiency: not enough is said to tell its class"),
        (line.baseline, "that anything changed: there is no baseline"),
        (line.method, "that this change was the cause: nothing was compared"),
        (line.budget_code and line.cash_act, "that it is cash: no budget line and no act is named"),
        (line.signed_by, "that it was taken out of a budget: nobody is named who signed it"),
        (line.borne_by, "who bears the cost"),
    ]
    found = [text for known, text in said if not known]
    if line.gef_class and line.gef_class not in (GefClass.CASH_RELEASING, GefClass.NON_CASH_MONETISABLE):
        found.append(f"that it is an efficiency: it is of the class “{GEF_CLASS_LABELS[line.gef_class][0].lower()}”")
    return found


def _headline(judged: Sequence[Judged], file: ReplayFile) -> tuple[str, ...]:
    day = f"{file.as_at.day} {file.as_at:%B %Y}"
    whole = [one for one in judged if not one.line.part_of and one.line.pence is not None]
    taken = [one for one in whole if one.stage == Stage.BUDGET_TAKEN]
    said = [f"As at {day}, no claim here can be followed to a budget: {pounds(0)} at stage budget taken can be shown."] if not taken else []
    said += [f"{one.can[0]}: {one.line.said}." for one in taken]
    parts: Mapping[str, list[Judged]] = {one.key: [part for part in judged if part.line.part_of == one.key] for one in whole}
    for one in whole:
        if one in taken:
            continue
        sentence = f"{one.can[0]}: {one.line.said}"
        named = sum(part.line.pence or 0 for part in parts[one.key])
        if named and one.line.pence and named < one.line.pence:
            sentence += f"; {pounds(one.line.pence - named)} of it has no named source"
        if one.line.delivered_by:
            sentence += f"; delivered by {one.line.delivered_by}, and none of it is attributed to this change"
        if one.line.borne_by and one.line.borne_by != Bearer.NOBODY:
            sentence += f"; borne by {BEARER_LABELS[one.line.borne_by][0].lower()}"
        said.append(sentence + ".")
    if len(whole) > 1:
        said.append("These lines are of different days, words and stages. They are not added, and none may stand for another.")
    return tuple(said)

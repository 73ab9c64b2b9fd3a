"""`trials.yaml` as it is written: randomised trials of contacts, by name."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from guildhall.vocabulary.trials import NewWay

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class Strict(BaseModel):
    """Frozen, strict and closed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TrialEntry(Strict):
    """One trial. It begins when two people have approved it, not by standing here."""

    question: str = Field(min_length=10, max_length=300, description="What it is to answer, in plain English.")
    new_way: NewWay = Field(description="What differs: `short_answers` or `quoted_answers`. Nothing else may.")
    since: date = Field(alias="from", description="The first day on which residents are asked.")
    until: date = Field(description="The last day.")
    share: float = Field(default=0.5, ge=0.1, le=0.9, description="The share of those who agreed that gets the new way.")
    measure: Key = Field(description="The one measure that decides: a share of contacts from value.yaml.")
    expected: float = Field(gt=0, lt=1, description="What the measure is expected to be in the usual way.")
    worth_seeing: float = Field(
        gt=0, lt=1, description="The smallest difference that would matter. A trial that cannot see it may not start."
    )
    contacts: int = Field(
        ge=40, le=1_000_000, description="How many contacts it is planned for, both ways together. Then nobody more is asked."
    )
    owner: str = Field(min_length=2, max_length=120, description="Who answers for it.")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until < self.since:
            raise ValueError(f"`until` ({self.until}) is before `from` ({self.since})")
        return self


class TrialsFile(Strict):
    """`trials.yaml`."""

    trials: dict[Key, TrialEntry] = Field(default_factory=dict, description="By name.")

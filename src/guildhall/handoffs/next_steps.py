"""What an adviser is told to do next: sentences of the council, chosen by rules, never written by a model."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from pydantic import Field, model_validator

from guildhall.handoffs.config import Strict
from guildhall.vocabulary.outcomes import Reason
from guildhall.vocabulary.signals import Category, Grade


class StepWhen(Strict):
    """When a step is suggested; everything given must hold. A step without conditions is for when nothing else fits."""

    categories: tuple[Category, ...] = Field((), description="One of these kinds of distress or danger was heard.")
    grade: Grade | None = Field(None, description="How sure that must be; either grade when left out.")
    reasons: tuple[Reason, ...] = Field((), description="A person was asked for, or the last turn ended, for one of these reasons.")
    services: tuple[str, ...] = Field((), description="The resident asked about one of these services, by key.")
    failed_turns: int | None = Field(None, ge=1, description="So many turns in a row, or more, did not help.")
    interpreter: bool | None = Field(None, description="Whether the resident writes in another language than English.")


class NextStep(Strict):
    """One suggestion."""

    say: str = Field(min_length=10, max_length=240, description="What the adviser reads.")
    when: StepWhen = Field(default_factory=StepWhen, description="When it is suggested.")
    rank: int = Field(50, ge=1, le=99, description="Of the steps that fit the one with the lowest rank is shown.")
    beside: bool = Field(False, description="Shown after the step that fits best, whatever that is.")
    owner: str = Field(min_length=2, description="The role that answers for the wording.")
    review: date = Field(description="When it must be looked at again.")


class NextStepsOver(Strict):
    """`next-steps.yaml` of a council: its own suggestions, which replace the baseline's of the same name."""

    steps: dict[str, NextStep] = Field(min_length=1, description="Suggestions by name.")


class NextStepsFile(NextStepsOver):
    """The suggestions in force: something always fits."""

    @model_validator(mode="after")
    def _one_for_everything(self) -> Self:
        if not any(step.when == StepWhen() and not step.beside for step in self.steps.values()):
            raise ValueError("no step is without conditions, so a brief could end without a next step")
        return self

    def suggested(self, situation: "Situation") -> str:
        """What to do next, with what holds beside it."""
        fitting = sorted((step.rank, name) for name, step in self.steps.items() if situation.fits(step.when))
        best = next(self.steps[name].say for _, name in fitting if not self.steps[name].beside)
        beside = [self.steps[name].say for _, name in fitting if self.steps[name].beside]
        return " ".join([best, *beside])


class Situation:
    """What a conversation is like, as far as the next step depends on it."""

    def __init__(
        self, risks: Iterable[tuple[Category, Grade]], reasons: Iterable[str], services: Iterable[str], failed_turns: int, interpreter: bool
    ) -> None:
        self._risks = frozenset(risks)
        self._reasons = frozenset(reasons)
        self._services = frozenset(services)
        self._failed_turns = failed_turns
        self._interpreter = interpreter

    def fits(self, when: StepWhen) -> bool:
        """Whether everything a step asks for holds."""
        heard = any(category in when.categories and when.grade in (None, grade) for category, grade in self._risks)
        return (
            (not when.categories or heard)
            and (not when.reasons or any(reason in self._reasons for reason in when.reasons))
            and (not when.services or any(service in self._services for service in when.services))
            and (when.failed_turns is None or self._failed_turns >= when.failed_turns)
            and (when.interpreter is None or self._interpreter == when.interpreter)
        )

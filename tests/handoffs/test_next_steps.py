"""The next step comes from rules: the lowest rank that fits, and what holds beside it."""

from datetime import date

import pytest
from pydantic import ValidationError

from guildhall.handoffs.next_steps import NextStep, NextStepsFile, Situation, StepWhen
from guildhall.vocabulary.outcomes import Reason
from guildhall.vocabulary.signals import Category, Grade
from tests.conversations.talk import profile


def step(say: str, rank: int = 50, beside: bool = False, **when: object) -> NextStep:
    return NextStep(say=say, when=StepWhen.model_validate(when), rank=rank, beside=beside, owner="a tester", review=date(2027, 5, 31))


STEPS = NextStepsFile(
    steps={
        "begin": step("Say your name first.", 99),
        "abuse": step("Ask if it is safe to talk.", 4, categories=(Category.DOMESTIC_ABUSE,)),
        "sure": step("Phone the duty officer.", 3, categories=(Category.DOMESTIC_ABUSE,), grade=Grade.CONFIRM),
        "twice": step("They asked the same twice.", 30, failed_turns=2),
        "asked": step("They asked for a person.", 40, reasons=(Reason.PERSON_REQUESTED,)),
        "bins": step("Ask which bin it was.", 45, services=("missed-bin",)),
        "interpreter": step("Arrange an interpreter.", 90, beside=True, interpreter=True),
    }
)


def suggested(
    *risks: tuple[Category, Grade], reasons: tuple[str, ...] = (), services: tuple[str, ...] = (), failed: int = 0, foreign: bool = False
) -> str:
    return STEPS.suggested(Situation(risks, reasons, services, failed, foreign))


def test_when_nothing_fits_the_step_without_conditions_is_shown() -> None:
    assert suggested() == "Say your name first."


def test_the_lowest_rank_that_fits_is_shown() -> None:
    assert suggested(reasons=("person_requested",), failed=2) == "They asked the same twice."
    assert suggested((Category.DOMESTIC_ABUSE, Grade.SCREEN), failed=2) == "Ask if it is safe to talk."


def test_a_step_for_a_sure_sign_needs_one() -> None:
    assert suggested((Category.DOMESTIC_ABUSE, Grade.CONFIRM)) == "Phone the duty officer."


def test_everything_a_step_asks_for_must_hold() -> None:
    assert suggested(services=("missed-bin",)) == "Ask which bin it was."
    assert suggested(services=("new-bin",)) == "Say your name first."


def test_a_step_that_stands_beside_comes_after_whatever_fits() -> None:
    assert suggested(failed=3, foreign=True) == "They asked the same twice. Arrange an interpreter."


def test_steps_without_one_for_everything_are_refused() -> None:
    with pytest.raises(ValidationError, match="without conditions"):
        NextStepsFile(steps={"twice": STEPS.steps["twice"]})


@pytest.mark.parametrize("category", [Category.DANGER_TO_LIFE, Category.SUICIDE_SELF_HARM, Category.CHILD_AT_RISK, Category.DOMESTIC_ABUSE])
def test_the_baseline_asks_about_safety_first(category: Category) -> None:
    said = profile().next_steps.suggested(Situation([(category, Grade.CONFIRM)], ["two_failed_turns"], [], 2, True))
    assert said.startswith("Ask")
    assert "twice" not in said
    assert said.endswith("rights or money.")

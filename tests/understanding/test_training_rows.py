"""What weights may be learned from: lines that measure or calibrate never teach, and made-up messages are made of lines that teach."""

from collections.abc import Sequence

import numpy as np
import pytest

from guildhall.understanding.heads import HEADS
from guildhall.understanding.training.examples import Example, calibrating, held_out, teaches
from guildhall.understanding.training.lessons import encoder_lines, other_lines, thinned
from guildhall.understanding.training.services import MULTI, RoutingLine, joined, solve_threshold
from guildhall.understanding.training.signals import labels_of

LINES = [RoutingLine(f"how do I ask about thing number {n} please", ("a",) if n % 2 else ("b",)) for n in range(400)]
LABELS = ("", "a", "b")


def test_every_line_teaches_calibrates_or_measures_and_never_two_of_them() -> None:
    kinds = [(held_out(x.text), calibrating(x.text), teaches(x.text)) for x in LINES]
    assert all(sum(kind) == 1 for kind in kinds)
    shares = np.mean(kinds, axis=0)
    assert shares == pytest.approx([0.10, 0.15, 0.75], abs=0.05)


def parts_of(made: Sequence[RoutingLine]) -> list[str]:
    return [line.text.casefold() for line in made]


def test_joined_messages_ask_for_the_services_of_their_lines_and_are_the_same_every_time() -> None:
    made = joined(LINES, 50)
    assert made == joined(LINES, 50)
    assert all(line.style == MULTI and 1 <= len(line.services) <= 2 for line in made)
    known = {line.text.casefold() for line in LINES}
    assert not set(parts_of(made)) & known


def test_the_encoder_learns_from_no_line_that_measures_or_calibrates() -> None:
    examples = [Example(f"I am frightened of him, night {n}", "domestic_abuse", "confirm") for n in range(200)]
    examples += [Example(f"when is bin day in week {n}", "none", "none") for n in range(20)]
    lines = encoder_lines(examples, LINES, LABELS)
    kept_back = {text for text in [*(x.text for x in LINES), *(e.text for e in examples)] if not teaches(text)}
    assert kept_back
    taught = "\n".join([*(line.text for line in lines), *(text for line in lines for text, _ in line.forms)])
    assert not any(f"{text}\n" in f"{taught}\n" for text in kept_back)
    assert {line.several for line in lines} == {0.0, 1.0, None}
    assert all(line.services is None or line.services.sum() == pytest.approx(1) for line in lines)


def test_the_other_languages_teach_from_no_line_that_measures_or_calibrates() -> None:
    routing = [RoutingLine(f"kiedy wywożą śmieci w tygodniu {n}", ("a",), "pl") for n in range(200)]
    examples = [Example(f"boję się go, noc {n}", "domestic_abuse", "confirm", "plain", "pl") for n in range(200)]
    examples += [Example(line.text, "none", "none", "routing", "pl") for line in routing]
    lines = other_lines(examples, [*routing, *LINES], LABELS)
    kept_back = {text for text in [*(x.text for x in routing), *(e.text for e in examples)] if not teaches(text)}
    taught = {line.text for line in lines}
    assert kept_back
    assert not taught & kept_back
    assert not taught & {line.text for line in LINES}
    assert any("boje" in form for line in lines for form, _ in line.forms)
    hidden = [line for line in lines if line.signals is not None and line.signals[0].any()]
    assert all(any("wywożą" in form for form, _ in line.forms) for line in hidden)


def test_english_is_thinned_the_same_way_every_time_and_keeps_all_that_is_about_signals_alone() -> None:
    examples = [Example(f"I am frightened of him, night {n}", "domestic_abuse", "confirm") for n in range(200)]
    examples += [Example(f"when is bin day in week {n}", "none", "none") for n in range(20)]
    lines = encoder_lines(examples, LINES, LABELS)
    kept = {line.text for line in thinned(lines)}
    assert kept == {line.text for line in thinned(lines)}
    assert all(line.text in kept for line in lines if line.signals is not None and line.services is None)
    assert len(kept) < 0.8 * len(lines)


def test_an_example_says_yes_to_its_own_head_and_little_about_the_others() -> None:
    target, weight = labels_of(Example("he hits me", "domestic_abuse", "confirm"))
    yes = {HEADS[i] for i in np.flatnonzero(target)}
    assert yes == {"any:confirm", "any:screen", "domestic_abuse:confirm", "domestic_abuse:screen"}
    assert weight[HEADS.index("suicide_self_harm:confirm")] < weight[HEADS.index("domestic_abuse:confirm")]
    assert not labels_of(Example("my bin", "none", "none"))[0].any()


def test_the_threshold_is_the_lowest_that_keeps_the_bound() -> None:
    confidence = np.linspace(0.999, 0.001, 1000)
    right = np.ones(1000, bool)
    right[400::4] = False
    at, upper, wrong, answered = solve_threshold(confidence, right, 0.03, 0.95, 1000)
    assert upper <= 0.03
    assert wrong == (~right[:answered]).sum()
    stricter, *_ = solve_threshold(confidence, right, 0.01, 0.95, 1000)
    assert stricter > at


def test_with_too_many_wrong_at_the_top_nothing_is_answered_on_the_routers_word() -> None:
    at, upper, wrong, answered = solve_threshold(np.linspace(1, 0, 100), np.zeros(100, bool), 0.03, 0.95, 100)
    assert (at, upper, wrong, answered) == (1.1, 1.0, 0, 0)

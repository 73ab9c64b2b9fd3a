"""One evaluation from question to answer: with its false alarms, pretended launches and what could be seen; refused where it must be."""

from datetime import date

import numpy as np
import pytest

from guildhall.value.evaluation.asking import Months, Question, answer, before_launch, placebo_sentence, seeable_sentences
from guildhall.value.evaluation.before_after import FALSE_ALARMS, false_alarm_share
from guildhall.value.evaluation.designs import DESIGNS, Design
from guildhall.value.evaluation.effects import LEVEL, EvaluationError, Evidence
from guildhall.value.evaluation.interrupted import STEP, prais_winsten, terms
from guildhall.value.evaluation.power import Noise, power, simulated

LAUNCH = date(2026, 1, 1)
RUNS = 12


def month(number: int) -> date:
    return date(2024 + number // 12, number % 12 + 1, 1)


def months(after: int = 10, saving: float = 0.0, seed: int = 5, before: int = 24) -> Months:
    row = simulated(Noise(spread=0.03, season=0.0), before + after, 1, np.random.default_rng(seed))[0]
    return [(month(24 - before + number), float(100 * value * (1 - saving * (number >= before)))) for number, value in enumerate(row)]


@pytest.mark.parametrize("trend", sorted(FALSE_ALARMS))
def test_the_false_alarms_printed_beside_a_before_and_after_are_those_it_has(trend: float) -> None:
    found = false_alarm_share(Noise(trend=trend), 24, 12, np.random.default_rng(2))
    assert found == pytest.approx(FALSE_ALARMS[trend], abs=0.03)


def test_one_fit_serves_savings_of_every_size() -> None:
    x = terms(30, 24)
    row = simulated(Noise(), 30, 1, np.random.default_rng(1))[0]
    plain, saved = prais_winsten(row, x), prais_winsten(row - 0.2 * x[:, STEP], x)
    assert saved.rho == pytest.approx(plain.rho)
    assert saved.results.params[STEP] == pytest.approx(plain.results.params[STEP] - 0.2)
    assert saved.results.bse[STEP] == pytest.approx(plain.results.bse[STEP])


def test_power_says_what_fitting_each_size_anew_would_say() -> None:
    found = power(Noise(), 24, 6, np.random.default_rng(3), runs=40)
    x = terms(30, 24)
    rows = simulated(Noise(), 30, 40, np.random.default_rng(3))
    fits = [prais_winsten(row - 0.25 * x[:, STEP], x).results for row in rows]
    anew = np.mean([fit.pvalues[STEP] < LEVEL and fit.params[STEP] < 0 for fit in fits])
    assert dict(found.seen)[0.25] == pytest.approx(anew)


def test_a_real_saving_is_found_with_its_evidence_and_what_it_cannot_show() -> None:
    found = answer(Question("Abandonment", Design.INTERRUPTED, LAUNCH, months(saving=0.3), sources=("Before: a file.",)), RUNS)
    assert found.effect and found.effect.evidence == Evidence.E3
    assert found.finding.startswith("Abandonment fell by") and "of the level before (between" in found.finding
    assert set(DESIGNS[Design.INTERRUPTED].cannot) | {"Before: a file."} <= set(found.beside)
    assert len(found.tried) == 10 and any("pretended launches" in said for said in found.beside)
    assert [each.after for each in found.seeable] == [3, 6, 9, 12, 18, 24]


def test_where_nothing_changed_it_says_that_this_does_not_show_that_nothing_did() -> None:
    found = answer(Question("Abandonment", Design.INTERRUPTED, LAUNCH, months()), RUNS)
    assert found.effect and not found.effect.found
    assert found.finding.startswith("No change in Abandonment was found") and "does not show that there was no change" in found.finding


def test_a_before_and_after_carries_how_often_it_would_be_wrong_on_these_months() -> None:
    falling = [(each, value * (1 - 0.01 * place)) for place, (each, value) in enumerate(months())]
    found = answer(Question("Cost", Design.BEFORE_AFTER, LAUNCH, falling), RUNS)
    assert found.effect and found.effect.evidence == Evidence.E2 and found.effect.found
    assert found.false_alarms and found.false_alarms > 0.9
    assert any("would find a change in" in said for said in found.beside)


def test_months_that_both_had_are_compared_and_a_shared_shock_is_no_effect() -> None:
    ours, theirs = months(saving=0.3, seed=1), months(saving=0.3, seed=2)
    found = answer(Question("Contacts", Design.COMPARATOR, LAUNCH, ours, theirs[2:]), RUNS)
    assert found.effect and not found.effect.found and found.effect.observations == 32


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (Question("x", Design.INTERRUPTED, LAUNCH, months(before=11)), "needs 12 months before and 3 after; there are 11"),
        (Question("x", Design.INTERRUPTED, LAUNCH, [*months()[:5], *months()[6:]]), "the months between are missing"),
        (Question("x", Design.INTERRUPTED, LAUNCH, [(day, 5.0) for day, _ in months()]), "all the same, which measured figures never are"),
        (Question("x", Design.BEFORE_AFTER, LAUNCH, [(day, 5.0) for day, _ in months()]), "all the same, which measured figures never are"),
        (Question("x", Design.BEFORE_AFTER, LAUNCH, months(after=2)), "needs 3 months on each side"),
        (Question("x", Design.BEFORE_AFTER, LAUNCH, ()), "there are no months"),
        (Question("x", Design.STAGGERED, LAUNCH), "there are no teams"),
        (Question("x", Design.STAGGERED, LAUNCH, teams={"a": months()}, began={"a": LAUNCH}, drawn=True), "needs 4 teams"),
    ],
)
def test_what_cannot_be_answered_says_what_would_be_needed(question: Question, said: str) -> None:
    found = answer(question, RUNS)
    assert found.effect is None and said in found.refused and found.finding.startswith("No answer: ")


def test_a_staggered_rollout_in_a_drawn_order_is_an_experiment_and_without_a_draw_is_none() -> None:
    began = {f"team {n}": month(12 + 2 * n) for n in range(6)}
    teams = {
        team: [(day, value - (10 if day >= began[team] else 0)) for day, value in months(after=0, seed=number)]
        for number, team in enumerate(began)
    }
    drawn = answer(Question("Cost", Design.STAGGERED, month(12), teams=teams, began=began, drawn=True), RUNS)
    assert drawn.effect and drawn.effect.evidence == Evidence.E4 and drawn.effect.estimate == pytest.approx(-10, abs=4)
    assert "not drawn by lot" in answer(Question("Cost", Design.STAGGERED, month(12), teams=teams, began=began), RUNS).refused


def test_before_a_launch_it_says_what_could_be_seen_by_when() -> None:
    powers = before_launch(months(after=0), RUNS)
    said = seeable_sentences(powers)
    assert said and said[0].startswith("With your data, you could only see a saving of at least")
    assert "by March 2026" in seeable_sentences(powers, LAUNCH)[0]
    with pytest.raises(EvaluationError, match="12 months are needed"):
        before_launch(months(after=0, before=11), RUNS)


def test_wild_months_are_said_to_show_nothing() -> None:
    random = np.random.default_rng(4)
    wild = [(month(number), float(abs(random.normal(100, 150)) + 1)) for number in range(24)]
    assert "Do not promise to measure a saving in this way" in seeable_sentences(before_launch(wild, 40))[-1]


def test_alarms_at_pretended_launches_are_counted() -> None:
    assert "too few months" in placebo_sentence((), 0)
    found = answer(Question("x", Design.INTERRUPTED, LAUNCH, months()), RUNS)
    assert "Be more careful about believing this result" in placebo_sentence(found.tried, 2)

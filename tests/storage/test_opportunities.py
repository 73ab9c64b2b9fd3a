"""The register: every change has its event and its line of history, a merge loses nothing, nobody reads scores before giving theirs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from guildhall.opportunities.choosing import Asked, judge, run
from guildhall.opportunities.gates import Gate, GateState
from guildhall.opportunities.links import WrongLinkError
from guildhall.opportunities.objective import Money, Unvalued
from guildhall.opportunities.portfolio import Constraints
from guildhall.opportunities.register import Deciding, Quote, Status, TimeGoes
from guildhall.opportunities.robustness import Doubt
from guildhall.opportunities.scoring import Head
from guildhall.opportunities.workshops import Workshop
from guildhall.opportunities.worth import Pounds
from guildhall.storage.opportunities_schema import opportunity_scores
from guildhall.storage.opportunity_history import ChangedSinceError, as_it_was
from guildhall.vocabulary.benefits import Column
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import EventKind
from tests.opportunities.house import Register


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    made = Register(tmp_path)
    yield made
    made.memory.database.close()


def test_a_workshop_keeps_its_people_and_notes_and_its_event_has_no_words(register: Register) -> None:
    given = Workshop("", "blue-badge", "Adults", date(2026, 3, 4), "Facilitator", {"Badge officer": 3}, "We copy it by hand.")
    kept = register.store.record_workshop(given, "ann", register.now())
    assert register.store.workshop(kept.id) == register.store.workshops()[0] == kept
    (event,) = register.events(EventKind.WORKSHOP_RECORDED)
    assert (event["workshop"], event["attended"]) == (kept.id, 3) and "hand" not in str(event)
    with pytest.raises(NotFoundError):
        register.store.workshop("none")


def test_people_accept_and_refuse_with_a_reason_and_may_think_again(register: Register) -> None:
    one = register.add(status=Status.PROPOSED)
    with pytest.raises(RefusedError, match="say why"):
        register.store.decide(one, Status.REFUSED, "ann", register.now())
    assert register.store.decide(one, Status.REFUSED, "ann", register.now(), "not ours to do").status == Status.REFUSED
    assert register.store.decide(one, Status.ACCEPTED, "ben", register.now()).status == Status.ACCEPTED
    with pytest.raises(RefusedError, match="accepted already"):
        register.store.decide(one, Status.ACCEPTED, "ben", register.now())
    assert [line.what for line in register.store.history(one)] == ["accepted", "refused", "proposed"]
    assert [event.get("what", event.get("status")) for event in register.events(EventKind.OPPORTUNITY_CHANGED)] == [
        "proposed",
        "refused",
        "accepted",
    ]


def test_whoever_looked_at_an_older_version_overwrites_nothing(register: Register) -> None:
    one = register.add(volume_pa=100)
    seen = register.store.versions([one])[one]
    register.store.gate(one, Gate.LEGAL, GateState.CLOSED, "not looked at", "law", register.now(), seen)
    register.store.change(one, "ann", register.now(), "counted", volume_pa=400, seen=seen)  # a gate is no change of what is known
    with pytest.raises(ChangedSinceError, match="changed “How many a year” after you looked") as raised:
        register.store.change(one, "ben", register.now(), "guessed", volume_pa=9, seen=seen)
    assert register.store.get(one).details.volume_pa == 400
    assert [(line.by, line.changed) for line in raised.value.lines] == [("ann", {"volume_pa": [100, 400]})]
    assert as_it_was(register.store.get(one).details, raised.value.lines).volume_pa == 100
    with pytest.raises(ChangedSinceError):
        register.store.gate(one, Gate.LEGAL, GateState.OPEN, "looked at it", "law", register.now(), seen)
    register.store.decide(one, Status.REFUSED, "ann", register.now(), "not ours to do", seen)
    with pytest.raises(ChangedSinceError, match="Decision"):
        register.store.decide(one, Status.ACCEPTED, "ben", register.now(), seen=seen)
    assert register.store.get(one).status == Status.REFUSED


def test_a_merge_is_a_change_to_whoever_looked_before_it(register: Register) -> None:
    one, other = register.add(volume_pa=100), register.add("Other", volume_pa=50, affected_groups=("older people",))
    seen = register.store.versions([one, other])
    register.merging.merge(one, other, "ann", register.now())
    with pytest.raises(ChangedSinceError, match="Groups of people"):
        register.store.change(one, "ben", register.now(), volume_pa=9, seen=seen[one])
    merged = register.store.versions([one])[one]
    register.merging.part(other, "ann", register.now())
    with pytest.raises(ChangedSinceError):
        register.store.change(one, "ben", register.now(), volume_pa=9, seen=merged)


def test_a_change_says_what_it_was_and_by_whom(register: Register) -> None:
    one, other = register.add(), register.add("Other")
    register.store.change(one, "ann", register.now(), "counted again", volume_pa=400, depends_on=(other,))
    line = register.store.history(one)[0]
    assert (line.by, line.why) == ("ann", "counted again") and line.changed["volume_pa"] == [0, 400]
    assert register.store.get(one).details.depends_on == (other,)
    tries: tuple[tuple[dict[str, Any], str], ...] = (({"depends_on": (one,)}, "itself"), ({"excludes": ("none",)}, "no opportunity none"))
    for wrong, said in tries:
        with pytest.raises(RefusedError, match=said):
            register.store.change(one, "ann", register.now(), **wrong)


def test_a_change_is_put_back_by_another_and_never_over_a_later_one(register: Register) -> None:
    one, other = register.add(team_days={"Digital": 3.0}), register.add("Other")
    changes: dict[str, Any] = {
        "volume_pa": 400,
        "depends_on": (other,),
        "time_goes": TimeGoes.AGENCY,
        "team_days": {"Digital": 9.0},
        "saves_percent": 0,
    }
    before = register.store.get(one).details
    register.store.change(one, "ann", register.now(), "counted again", **changes)
    changed = register.store.history(one)[0]
    register.store.change(one, "ben", register.now(), volume_pa=500)
    with pytest.raises(RefusedError, match="volume pa was changed again"):
        register.store.put_back(one, changed.id, "cat", register.now())
    register.store.put_back(one, register.store.history(one)[0].id, "cat", register.now())
    register.store.put_back(one, changed.id, "cat", register.now())
    assert register.store.get(one).details == before
    assert [(line.what, line.by) for line in register.store.history(one)[:2]] == [("put back", "cat")] * 2
    register.store.put_back(one, register.store.history(one)[0].id, "dan", register.now())
    assert register.store.get(one).details == replace(before, **changes)
    for name in ("none", register.store.history(one)[-1].id, register.store.history(other)[0].id):
        with pytest.raises(RefusedError, match="only a change"):
            register.store.put_back(one, name, "cat", register.now())
    assert register.events(EventKind.OPPORTUNITY_CHANGED)[-1]["what"] == "put back"


def test_a_circle_is_refused_where_it_is_stored(register: Register) -> None:
    one, other = register.add("One"), register.add("Other")
    register.store.change(one, "ann", register.now(), depends_on=(other,))
    with pytest.raises(WrongLinkError, match="in a circle") as refused:
        register.store.change(other, "ann", register.now(), depends_on=(one,))
    assert refused.value.field == "depends_on" and register.store.get(other).details.depends_on == ()


def test_a_merge_keeps_both_voices_counts_once_and_can_be_parted(register: Register) -> None:
    first = register.add("Copying", quotes=(Quote("w1", "Clerk", "We copy."),), volume_pa=100)
    second = register.add("Retyping", quotes=(Quote("w2", "Officer", "We retype."),), volume_pa=250, safeguarding_risk=True)
    needing = register.add("Needs it", depends_on=(second,))
    register.merging.merge(first, second, "ann", register.now(), "one form")
    kept = register.store.get(first)
    assert [quote.text for quote in kept.quotes] == ["We copy.", "We retype."]
    assert kept.details.volume_pa == 250 and kept.details.safeguarding_risk
    assert {each.id: each.quotes for each in register.store.everything()}[first] == kept.quotes
    assert register.store.get(needing).details.depends_on == (first,)
    assert register.store.get(second).status == Status.MERGED and register.merging.merged_into(first) == [second]
    with pytest.raises(RefusedError, match="merged already"):
        register.merging.merge(needing, second, "ann", register.now())
    register.store.change(first, "ben", register.now(), minutes_each=7)
    register.merging.part(second, "ben", register.now(), "two teams")
    kept, parted = register.store.get(first), register.store.get(second)
    assert (kept.details.volume_pa, kept.details.safeguarding_risk, kept.details.minutes_each) == (100, False, 7)
    assert [quote.text for quote in kept.quotes] == ["We copy."] and parted.status == Status.ACCEPTED
    assert register.merging.told_apart() == {(first, second)}
    assert [event["what"] for event in register.events(EventKind.OPPORTUNITIES_MERGED)] == ["merge", "part"]


def test_a_chain_of_merges_ends_at_one(register: Register) -> None:
    a, b, c = (register.add(name, quotes=(Quote("w", "", name),)) for name in "abc")
    register.merging.merge(b, a, "ann", register.now())
    register.merging.merge(c, b, "ann", register.now())
    assert sorted(quote.text for quote in register.store.get(c).quotes) == ["a", "b", "c"]
    with pytest.raises(RefusedError):
        register.merging.merge(c, c, "ann", register.now())


def test_the_store_hands_nobody_elses_scores_to_who_has_not_scored(register: Register) -> None:
    one = register.add()
    register.score(one, "ann", 5)
    register.scores.give(one, "ben", {"worth": (2, "less than said")}, register.now())
    assert {score.scorer for score in register.scores.of(one, "ben")} == {"ben"}
    assert register.scores.of(one, "cat") == () and register.scores.seen_by("cat")[one] == ()
    assert register.scores.scorers(one) == ("ann",)
    register.score(one, "ben", 2)
    assert {score.scorer for score in register.scores.of(one, "ben")} == {"ann", "ben"}
    assert register.scores.of(one, "cat") == ()
    register.scores.reveal(one, "lead", register.now())
    assert {score.scorer for score in register.scores.of(one, "cat")} == {"ann", "ben"}
    assert "5" not in str([event["criteria"] for event in register.events(EventKind.OPPORTUNITY_SCORED)])


def test_a_score_is_added_to_and_never_written_over(register: Register) -> None:
    one = register.add()
    register.score(one, "ann", 5)
    register.score(one, "ann", 1)
    with register.memory.database.reading() as connection:
        assert len(connection.execute(select(opportunity_scores)).all()) == 12
    assert register.scores.heads()[one] == dict.fromkeys(Head, 1.0)


def test_what_is_no_score_is_refused(register: Register) -> None:
    one, waiting = register.add(), register.add(status=Status.PROPOSED)
    for values, said in (({"worth": (6, "")}, "1 to 5"), ({"luck": (3, "")}, "no criterion"), ({}, "at least one")):
        with pytest.raises(RefusedError, match=said):
            register.scores.give(one, "ann", values, register.now())
    with pytest.raises(RefusedError, match="accept it first"):
        register.scores.give(waiting, "ann", {"worth": (3, "")}, register.now())
    with pytest.raises(RefusedError, match="nobody has scored"):
        register.scores.reveal(one, "lead", register.now())


def a_run(register: Register) -> tuple[str, dict[str, str]]:
    names = {name: register.add(name, cost_pence=100_00, team_days={"Digital": 2.0}) for name in ("best", "good", "poor")}
    names["alone"] = register.add("alone", deciding=Deciding.SOLELY_AUTOMATED)
    for name, value in (("best", 5), ("good", 4), ("poor", 2), ("alone", 5)):
        register.score(names[name], "ann", value)
    judged, out = judge(register.store.everything(), register.scores.heads(), register.store.gates())
    asked = Asked(Constraints(budget_pence=200_00, team_days={"Digital": 10.0}), dict.fromkeys(Head, 1.0), Doubt(draws=20, seed=3))
    found = run(judged, asked)
    barred = {name: [reason.text for reason in reasons] for name, reasons in out.items()}
    return register.runs.keep("First", asked, judged, found, barred, "lead", register.now()), names


def test_a_kept_run_can_be_computed_again_and_gives_the_same(register: Register) -> None:
    run_id, names = a_run(register)
    kept = register.runs.get(run_id)
    again = run(kept.judged, kept.asked)
    assert list(again.portfolio.chosen) == kept.result["chosen"] and set(kept.chosen) == {names["best"], names["good"]}
    assert [each.inclusion for each in again.robust.standings] == [each["inclusion"] for each in kept.result["standings"]]
    (event,) = register.events(EventKind.PORTFOLIO_RUN)
    assert (event["seed"], event["draws"], event["solved"]) == (3, 20, "optimal")


def test_a_run_in_pounds_is_kept_with_its_haircut_and_its_figures(register: Register) -> None:
    figures: dict[str, Any] = {"volume_pa": 600, "minutes_each": 10.0, "staff_pence_an_hour": 2_000, "saves_percent": 50}
    one, none = register.add("one", cost_pence=100_00, run_cost_pence_pa=9, **figures), register.add("none", cost_pence=100_00)
    for name in (one, none):
        register.score(name, "ann", 4)
    judged, _ = judge(register.store.everything(), register.scores.heads(), {})
    money = Money(Column.REINVESTED_CAPACITY, 60, Unvalued.LEFT_OUT)
    asked = Asked(Constraints(budget_pence=100_00, run_years=0), dict.fromkeys(Head, 1.0), Doubt(draws=5), money)
    kept = register.runs.get(register.runs.keep("Pounds", asked, judged, run(judged, asked), {}, "lead", register.now()))
    assert kept.asked == asked and kept.judged == judged and kept.result["value"] == 400_00
    assert {each.candidate.id: each.pounds for each in kept.judged} == {one: Pounds(reinvested_capacity=100_000), none: None}
    assert kept.result["frontier"][-1]["chosen"]


def test_what_overruling_breaks_is_said(register: Register) -> None:
    run_id, names = a_run(register)
    assert register.runs.get(run_id).broken == ()
    register.runs.overrule(run_id, "add", names["poor"], "a promise was made", "chair", register.now())
    assert [broken.rule for broken in register.runs.get(run_id).broken] == ["budget"]


def test_the_board_overrules_with_a_reason_but_never_a_gate(register: Register) -> None:
    run_id, names = a_run(register)

    def overrule(what: str, name: str, why: str = "a promise was made") -> None:
        register.runs.overrule(run_id, what, names[name], why, "chair", register.now())

    overrule("remove", "good")
    overrule("add", "poor")
    kept = register.runs.get(run_id)
    assert set(kept.chosen) == {names["best"], names["poor"]}
    assert kept.overruled[names["poor"]].why == "a promise was made"
    for what, name, why, said in (("add", "alone", "a promise was made", "by anybody"), ("add", "best", "a promise was made", "already"),
                                  ("remove", "good", "a promise was made", "not chosen"), ("remove", "best", "no", "say why")):  # fmt: skip
        with pytest.raises(RefusedError, match=said):
            overrule(what, name, why)
    overrule("add", "good", "thought again")
    assert names["good"] not in register.runs.get(run_id).overruled
    assert [event["what"] for event in register.events(EventKind.PORTFOLIO_CHOSEN)] == ["remove", "add", "add"]


def test_gates_keep_their_reasons(register: Register) -> None:
    one = register.add(safeguarding_risk=True)
    register.store.gate(one, Gate.SAFEGUARDING, GateState.CLOSED, "nobody would notice", "lead", register.now())
    register.store.gate(one, Gate.SAFEGUARDING, GateState.OPEN, "a worker looks weekly", "lead", register.now())
    assert register.store.gates() == {one: {Gate.SAFEGUARDING: GateState.OPEN}}
    assert [line.why for line in register.store.history(one)][:2] == ["a worker looks weekly", "nobody would notice"]
    with pytest.raises(RefusedError, match="say why"):
        register.store.gate(one, Gate.LEGAL, GateState.OPEN, "", "lead", register.now())


def test_another_council_sees_nothing_of_it(register: Register) -> None:
    from guildhall.storage.opportunities import OpportunityStore

    one = register.add()
    other: Any = OpportunityStore(register.memory.database, "elsewhere", register.memory.new_id)
    assert other.everything() == () and other.count() == 0
    with pytest.raises(NotFoundError):
        other.get(one)

"""The demo is whole, believable and the same for the same seed; every quote stands in its workshop's notes."""

from collections import Counter

from guildhall.opportunities.choosing import judge
from guildhall.opportunities.demo.making import RULES, WEIGHTS, make_demo
from guildhall.opportunities.gates import Gate, GateState
from guildhall.opportunities.objective import Objective
from guildhall.opportunities.portfolio import solve
from guildhall.opportunities.proposing import Proposal, found_word_for_word
from guildhall.opportunities.register import Answer, Status
from guildhall.opportunities.robustness import weighted
from guildhall.opportunities.scoring import head_scores
from guildhall.vocabulary.benefits import Column
from tests.storage.memory import NOW


def test_it_has_44_workshops_261_opportunities_and_54_chosen() -> None:
    made = make_demo(1, NOW)
    assert (len(made.workshops), len(made.opportunities)) == (44, 261)
    gates: dict[str, dict[Gate, GateState]] = {}
    for name, gate, state, _ in made.gates:
        gates.setdefault(name, {})[gate] = state
    judged, out = judge(made.opportunities, {name: head_scores(scores) for name, scores in made.scores}, gates)
    assert len(solve(weighted(Objective(judged, WEIGHTS)), RULES, gap=1e-2).chosen) == 54
    assert any(reason.for_good for reasons in out.values() for reason in reasons)
    valued = [each.pounds for each in judged if each.pounds]
    assert 0 < len(judged) - len(valued) < 60 and all(any(pounds.of(column) for pounds in valued) for column in Column)


def test_every_quote_stands_in_the_notes_of_its_workshop() -> None:
    made = make_demo(2, NOW)
    notes = {workshop.id: workshop.notes for workshop in made.workshops}
    for each in made.opportunities:
        assert each.quotes
        for quote in each.quotes:
            assert found_word_for_word(Proposal("", "", ((quote.role, quote.text),)), notes[quote.workshop])


def test_it_is_varied_and_marked() -> None:
    made = make_demo(1, NOW)
    titles = Counter(each.details.title for each in made.opportunities)
    assert max(titles.values()) == 1
    assert all(each.demo for each in made.opportunities) and all(each.demo for each in made.workshops)
    assert {each.details.answer for each in made.opportunities} == set(Answer)
    assert {each.status for each in made.opportunities} == {Status.ACCEPTED, Status.PROPOSED, Status.REFUSED}
    assert not any("{" in each.details.title + each.details.problem + str(each.quotes) for each in made.opportunities)


def test_the_same_seed_makes_the_same() -> None:
    assert make_demo(3, NOW) == make_demo(3, NOW)
    assert make_demo(3, NOW).opportunities != make_demo(4, NOW).opportunities


def test_a_small_part_can_be_made() -> None:
    made = make_demo(1, NOW, workshops=4, opportunities=20)
    assert (len(made.workshops), len(made.opportunities)) == (4, 20)

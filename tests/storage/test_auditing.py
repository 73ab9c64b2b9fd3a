"""Audits in the database: drawn once from the record, marked blind, never edited, and in the record with their change."""

import json
import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from guildhall.storage.auditing import AuditStore
from guildhall.storage.auditing_schema import audit_marks
from guildhall.value.auditing.marking import MarkError
from guildhall.vocabulary.auditing import Fault, Mark
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.outcomes import Outcome, Reason
from guildhall.vocabulary.staff import StaffMember
from tests.storage.audits import ANN, AUDITOR, BEN, CAT, FIRST, LAST, LEAD, NOW, OCTOBER, SIMULATED, Audited
from tests.storage.memory import Memory


@pytest.fixture
def audited(memory: Memory) -> Audited:
    made = Audited(memory)
    made.usual()
    return made


def test_a_draw_keeps_its_strata_seed_and_turns_and_the_record_says_so(audited: Audited) -> None:
    draw = audited.drawn()
    assert [(one.key, one.size, one.drawn) for one in draw.strata] == [("answered/english/web", 40, 7), ("declined/english/web", 20, 5)]
    assert len(draw.in_order) == 12 and len(draw.items) == 14 + 10
    assert audited.store.get(draw.id) == draw == audited.store.all()[0]
    (event,) = audited.told(EventKind.AUDIT_DRAWN)
    facts = json.loads(event.facts)
    assert event.conversation_id is None
    assert (facts["seed"], facts["size"], facts["of"], facts["by"]) == (draw.seed, 12, 60, "lead")
    assert facts["strata"] == {"answered/english/web": [40, 7], "declined/english/web": [20, 5]}


def test_the_same_record_draws_the_same_sample_again(audited: Audited) -> None:
    first = audited.drawn()
    other = AuditStore(audited.memory.database, "testshire", audited.memory.new_id, lambda: NOW)
    other.withdraw(first.id, "The wrong size was asked for.", LEAD)
    second = audited.drawn()
    assert second.seed != first.seed  # a draw that was given up cannot be had again by giving it up
    assert {item.turn.turn_id for item in second.in_order} != {item.turn.turn_id for item in first.in_order}


def test_small_talk_other_days_other_councils_and_simulated_turns_are_not_drawn(audited: Audited) -> None:
    audited.turns(5, Outcome.ANSWERED, Reason.SMALL_TALK)
    audited.turns(5, at=OCTOBER + timedelta(days=32))
    audited.turns(5, source=SIMULATED)
    draw = audited.drawn()
    assert sum(one.size for one in draw.strata) == 60 and not draw.simulated
    elsewhere = AuditStore(audited.memory.database, "elsewhere", audited.memory.new_id, lambda: NOW)
    with pytest.raises(RefusedError, match="no turns to mark"):
        elsewhere.draw(FIRST, LAST, LEAD)
    with pytest.raises(NotFoundError, match="there is no audit"):
        elsewhere.get(draw.id)


def test_simulated_turns_are_drawn_only_while_there_is_no_real_one(memory: Memory) -> None:
    audited = Audited(memory)
    audited.turns(30, source=SIMULATED)
    assert audited.drawn().simulated


def test_a_day_is_one_of_the_councils(memory: Memory) -> None:
    audited = Audited(memory)
    audited.turns(1, at=OCTOBER.replace(hour=0) - timedelta(seconds=1))
    with pytest.raises(RefusedError, match="no turns to mark"):
        audited.drawn()


def test_a_mark_is_sealed_in_the_record_until_the_draw_is_finished_and_then_counts(audited: Audited) -> None:
    draw = audited.drawn()
    wrong = frozenset({draw.in_order[0].id})
    (first, *_), before = draw.in_order, list(audited.told(EventKind.AUDIT_COUNTED))
    audited.store.mark(draw.id, first.id, "wrong", "unsafe", ANN)
    (marked,) = audited.told(EventKind.AUDIT_MARKED)
    assert "wrong" not in marked.facts and "unsafe" not in marked.facts and marked.conversation_id is None and before == []
    draw = audited.mark_all(audited.store.get(draw.id), ANN, wrong=wrong)
    assert draw.finished
    counted = [json.loads(event.facts) for event in audited.told(EventKind.AUDIT_COUNTED)]
    assert len(counted) == 12
    assert {(one["stratum"], one["weight"]) for one in counted} == {("answered/english/web", 40 / 7), ("declined/english/web", 4.0)}
    assert [(one["mark"], one["fault"]) for one in counted if one["item"] in wrong] == [("wrong", "unsafe")]
    assert all("conv" not in json.dumps(one) and "turn-" not in json.dumps(one) for one in counted)


def test_a_correction_is_another_mark_and_the_old_one_is_kept(audited: Audited) -> None:
    draw = audited.drawn()
    draw = audited.mark_all(draw, ANN)
    item = draw.in_order[0]
    again = audited.store.mark(draw.id, item.id, "partly_right", "missed_part", ANN)
    assert again.item(item.id).marks[0].mark == Mark.PARTLY_RIGHT  # type: ignore[union-attr]
    assert [(one.mark, one.revision) for one in audited.store.history(item.id)] == [(Mark.RIGHT, 0), (Mark.PARTLY_RIGHT, 1)]
    last = json.loads(list(audited.told(EventKind.AUDIT_COUNTED))[-1].facts)
    assert (last["item"], last["mark"], last["fault"]) == (item.id, "partly_right", "missed_part")
    assert len(list(audited.told(EventKind.AUDIT_COUNTED))) == 13  # only what changed is said again
    with pytest.raises(MarkError, match="how you marked it already"):
        audited.store.mark(draw.id, item.id, "partly_right", "missed_part", ANN)


def test_a_correction_to_cannot_tell_weighs_the_others_anew(audited: Audited) -> None:
    draw = audited.mark_all(audited.drawn(), ANN)
    item = next(one for one in draw.in_order if one.turn.stratum.startswith("answered"))
    audited.store.mark(draw.id, item.id, "cannot_tell", "unclear_question", ANN)
    newest = {one["item"]: one["weight"] for one in (json.loads(event.facts) for event in audited.told(EventKind.AUDIT_COUNTED))}
    assert sum(newest.values()) == pytest.approx(60) and newest[item.id] == 0


def test_the_database_refuses_to_edit_or_delete_a_mark(audited: Audited) -> None:
    audited.mark_all(audited.drawn(), ANN)
    for statement in (update(audit_marks).values(mark="right"), delete(audit_marks)):
        with pytest.raises(DBAPIError, match="written once"), audited.memory.database.writing() as connection:
            connection.execute(statement)


def test_two_people_differ_and_a_third_decides(audited: Audited) -> None:
    draw = audited.drawn(double=100)
    item = draw.in_order[0]
    audited.store.mark(draw.id, item.id, "wrong", "misleading", ANN)
    other = audited.mark_all(audited.store.get(draw.id), BEN, ANN).in_order[2]
    with pytest.raises(RefusedError, match="needs no more marks"):
        audited.store.mark(draw.id, other.id, "right", "", CAT)
    draw = audited.store.get(draw.id)
    assert draw.next_for(ANN.id) is None and draw.next_for(BEN.id) is None and draw.next_for(CAT.id) == draw.item(item.id)
    draw = audited.store.mark(draw.id, item.id, "wrong", "out_of_date", CAT)
    assert draw.finished and draw.verdict(draw.item(item.id)).fault == Fault.OUT_OF_DATE  # type: ignore[arg-type,union-attr]


def test_two_who_mark_the_same_turn_at_once_give_one_mark(audited: Audited) -> None:
    draw = audited.drawn()
    item, refused = draw.in_order[0], []

    def mark(member: StaffMember) -> None:
        try:
            audited.store.mark(draw.id, item.id, "right", "", member)
        except RefusedError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=mark, args=(member,)) for member in (ANN, BEN, CAT)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 2 and len(audited.store.get(draw.id).item(item.id).marks) == 1  # type: ignore[union-attr]


def test_a_turn_whose_words_are_gone_makes_room_for_the_next(audited: Audited) -> None:
    draw = audited.drawn()
    item = draw.in_order[0]
    after = audited.store.gone(draw.id, item.id, ANN)
    assert item.id not in {one.id for one in after.in_order} and len(after.in_order) == 12 and after.dropped == 1
    assert audited.store.gone(draw.id, item.id, BEN) == after
    with pytest.raises(RefusedError, match="needs no more marks"):
        audited.store.mark(draw.id, item.id, "right", "", ANN)


def test_a_draw_is_given_up_only_before_the_first_mark(audited: Audited) -> None:
    draw = audited.drawn()
    audited.store.mark(draw.id, draw.in_order[0].id, "right", "", ANN)
    with pytest.raises(RefusedError, match="somebody has marked turns of it"):
        audited.store.withdraw(draw.id, "It does not look well.", LEAD)
    with pytest.raises(RefusedError, match=r"the draw of 2026-10-01 to 2026-10-31 covers some of these days"):
        audited.store.draw(LAST, LAST, LEAD)


def test_nothing_of_a_withdrawn_draw_is_marked(audited: Audited) -> None:
    draw = audited.drawn()
    with pytest.raises(RefusedError, match="say in a sentence why"):
        audited.store.withdraw(draw.id, " no ", LEAD)
    audited.store.withdraw(draw.id, "The wrong month was drawn.", LEAD)
    with pytest.raises(RefusedError, match="was withdrawn"):
        audited.store.mark(draw.id, draw.in_order[0].id, "right", "", ANN)
    with pytest.raises(RefusedError, match="withdrawn before"):
        audited.store.withdraw(draw.id, "The wrong month was drawn.", LEAD)


def test_who_draws_does_not_mark_and_an_auditor_does_neither(audited: Audited) -> None:
    for member in (AUDITOR, ANN):
        with pytest.raises(RefusedError, match="may not draw a sample; it takes one of: board chair, programme lead"):
            audited.store.draw(FIRST, LAST, member)
    draw = audited.drawn()
    for member in (AUDITOR, LEAD):
        with pytest.raises(RefusedError, match="may not mark a turn; it takes one of: safeguarding lead, rule owner, supervisor"):
            audited.store.mark(draw.id, draw.in_order[0].id, "right", "", member)


BAD = [
    (LAST, FIRST, {}, "ends on 2026-10-01 before it begins"),
    (FIRST, NOW.date(), {}, "the period is not over"),
    (date(2025, 1, 1), LAST, {}, "longer than a year"),
    (FIRST, LAST, {"double": 101}, "between 0 and 100"),
    (FIRST, LAST, {"size": 5}, "10 to 2,000"),
    (FIRST, LAST, {"floor": 1}, "at least 2"),
]


@pytest.mark.parametrize(("since", "until", "more", "message"), BAD)
def test_a_draw_that_cannot_be_is_refused_and_nothing_is_kept(
    audited: Audited, since: date, until: date, more: dict[str, int], message: str
) -> None:
    with pytest.raises(RefusedError, match=message):
        audited.store.draw(since, until, LEAD, **more)
    assert audited.store.all() == () and list(audited.told(EventKind.AUDIT_DRAWN)) == []


def test_a_sample_whose_third_mark_never_comes_is_closed_and_what_is_undecided_is_said(audited: Audited) -> None:
    draw = audited.drawn(double=100)
    item = draw.in_order[0]
    audited.store.mark(draw.id, item.id, "wrong", "misleading", ANN)
    draw = audited.mark_all(audited.store.get(draw.id), BEN, ANN)
    assert not draw.finished and list(audited.told(EventKind.AUDIT_COUNTED)) == []
    with pytest.raises(RefusedError, match="may not close a sample"):
        audited.store.close(draw.id, "There is no third person.", ANN)
    with pytest.raises(RefusedError, match="say in a sentence why"):
        audited.store.close(draw.id, "no", LEAD)
    closed = audited.store.close(draw.id, "There is no third person.", LEAD)
    assert (
        closed.finished
        and closed.undecided == {item.id}
        and (closed.closed_by, closed.closed_why) == (LEAD.id, "There is no third person.")
    )
    (event,) = [json.loads(one.facts) for one in audited.told(EventKind.AUDIT_CLOSED)]
    assert (event["undecided"], event["of"], event["by"], event["why"]) == (1, 12, LEAD.id, "There is no third person.")
    counted = {one["item"]: one for one in (json.loads(each.facts) for each in audited.told(EventKind.AUDIT_COUNTED))}
    assert len(counted) == 12 and (counted[item.id]["mark"], counted[item.id]["fault"]) == ("undecided", "")
    assert sum(one["weight"] for one in counted.values()) == pytest.approx(60)  # nobody was dropped
    for member, said in ((CAT, "takes no more marks"), (ANN, "takes no more marks")):
        with pytest.raises(RefusedError, match=said):
            audited.store.mark(draw.id, item.id, "right", "", member)
    with pytest.raises(RefusedError, match="closed before"):
        audited.store.close(draw.id, "There is no third person.", LEAD)


def test_what_is_finished_withdrawn_or_unmarked_is_not_closed(audited: Audited) -> None:
    draw = audited.drawn()
    with pytest.raises(RefusedError, match="Withdraw it instead"):
        audited.store.close(draw.id, "There is no third person.", LEAD)
    audited.mark_all(draw, ANN)
    with pytest.raises(RefusedError, match="it is finished"):
        audited.store.close(draw.id, "There is no third person.", LEAD)

"""Every escalation about somebody at risk has a record; somebody is told, and somebody next, until a named person has it in hand."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from guildhall.safeguarding.config import SafeguardingFile
from guildhall.safeguarding.measuring import state_of, together
from guildhall.storage.after_schema import safeguarding_records
from guildhall.storage.reconciling import compare_rows, compare_safeguarding
from guildhall.storage.schema import handoffs
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.handoffs import Lane, Request
from guildhall.vocabulary.safeguarding import Evidence, SafeguardingOutcome, SafeguardingRecord, StepKind
from tests.storage.after import FILE, WORDS, AfterMemory
from tests.storage.memory import Memory


@pytest.fixture
def after(memory: Memory) -> AfterMemory:
    return AfterMemory(memory)


def only(after: AfterMemory) -> SafeguardingRecord:
    (record,) = after.safeguarding.open_ones()
    return record


def told(after: AfterMemory) -> list[tuple[StepKind, str, str]]:
    return [(step.kind, step.route, step.told) for step in after.safeguarding.get(only(after).id).steps]


# the record


def test_the_record_is_made_with_the_request_itself(after: AfterMemory) -> None:
    conversation = after.start()
    reference = after.escalate(conversation)
    record = only(after)
    assert (record.reference, record.category, record.grade, record.queue) == (reference, "domestic_abuse", "confirm", "duty")
    assert (record.pack, record.rules, record.turn_id) == ("pack-1", ("safeguarding.domestic-abuse@2#0",), "turn-1")
    assert after.safeguarding.words(record) == {"words": WORDS, "spans": [[0, 7]]}
    assert after.kinds(conversation)[1:] == [EventKind.HANDOFF_REQUESTED, EventKind.SAFEGUARDING_RAISED]
    with after.memory.database.reading() as connection:
        assert WORDS.encode() not in connection.execute(select(safeguarding_records.c.sealed)).scalar_one()


def test_the_same_need_told_again_is_the_same_record_and_another_need_another(after: AfterMemory) -> None:
    conversation = after.start()
    after.escalate(conversation)
    after.escalate(conversation)
    after.escalate(conversation, Evidence("child_at_risk", "turn-2", "confirm", ("d@1",), "pack-1", ("r@1#0",), "and our son"))
    assert [record.category for record in after.safeguarding.open_ones()] == ["domestic_abuse", "child_at_risk"]


def test_a_request_without_risk_has_no_record(after: AfterMemory) -> None:
    after.ask(after.start())
    assert after.safeguarding.tick(after.now) == 0
    assert after.safeguarding.open_ones() == ()


def test_a_request_that_becomes_urgent_gets_its_record_from_the_sweep(after: AfterMemory) -> None:
    conversation = after.start()
    after.ask(conversation, "duty")
    after.memory.people.request(conversation, "duty", "distress", "adult_abuse_or_neglect", True, after.now, Request(Lane.DANGER))
    assert after.safeguarding.tick(after.now) == 1
    record = only(after)
    assert (record.category, record.found_later, after.safeguarding.words(record)) == ("adult_abuse_or_neglect", True, {})
    assert after.safeguarding.sweep(after.now) == 0


def test_old_requests_are_not_alerted_about_by_a_first_start(after: AfterMemory) -> None:
    conversation = after.start()
    after.escalate(conversation, None)
    assert after.safeguarding.sweep(after.now + timedelta(days=2)) == 0


def test_time_to_a_person_is_kept_when_the_request_itself_is_gone(after: AfterMemory) -> None:
    reference = after.escalate(after.start())
    after.move(minutes=4)
    after.handoffs.accept(reference, "pat", after.now)
    after.safeguarding.tick(after.now)
    with after.memory.database.writing() as connection:
        connection.execute(handoffs.delete())
    assert only(after).to_person == timedelta(minutes=4)


def test_whoever_is_told_while_a_person_is_there_already_has_waited_for_nobody(after: AfterMemory) -> None:
    conversation = after.start()
    after.handoffs.accept(after.ask(conversation), "pat", after.now)
    after.move(minutes=9)
    after.escalate(conversation)
    after.safeguarding.tick(after.now)
    assert only(after).to_person == timedelta()


# who is told


def test_one_route_after_the_other_is_told_until_somebody_acknowledges(after: AfterMemory) -> None:
    after.escalate(after.start())
    assert after.safeguarding.tick(after.now) == 1
    assert told(after) == [(StepKind.ALERTED, "lead", "sms email")]
    assert after.safeguarding.tick(after.move(minutes=9)) == 0
    assert after.safeguarding.tick(after.move(minutes=1)) == 1
    assert after.safeguarding.tick(after.move(minutes=10)) == 1
    assert told(after)[1:] == [(StepKind.ESCALATED, "deputy", "sms"), (StepKind.ESCALATED, "duty", "phone")]
    record = after.safeguarding.acknowledge(only(after).id, "Pat Okafor", after.move(minutes=2))
    assert (record.acknowledged_by, record.to_acknowledgement) == ("Pat Okafor", timedelta(minutes=22))
    assert after.safeguarding.tick(after.move(hours=5)) == 0
    assert after.kinds(record_conversation(after))[-4:] == [
        EventKind.SAFEGUARDING_ALERTED,
        EventKind.SAFEGUARDING_ESCALATED,
        EventKind.SAFEGUARDING_ESCALATED,
        EventKind.SAFEGUARDING_ACKNOWLEDGED,
    ]


def record_conversation(after: AfterMemory) -> str:
    return only(after).conversation_id


def test_an_alert_has_a_reference_and_a_link_and_nothing_about_anybody(after: AfterMemory) -> None:
    reference = after.escalate(after.start())
    after.safeguarding.tick(after.now)
    assert after.outbox.tick(after.now).sent == 2
    record = only(after)
    for message in after.notifies.arrived:
        assert reference in message.text and f"https://help.example.org/console/safeguarding/{record.id}" in message.text
        assert "by 11:10" in message.text
        assert not any(word in f"{message.subject} {message.text}".casefold() for word in ("abuse", "domestic", "hits", "duty"))
    assert {message.to for message in after.notifies.arrived} == {"07700 900301", "lead@example.org"}


def test_out_of_hours_another_route_is_told_with_nobody_at_the_desk(after: AfterMemory) -> None:
    after.escalate(after.start(), out_of_hours=True)
    after.safeguarding.tick(after.now)
    after.safeguarding.tick(after.move(minutes=10))
    assert [(route, how) for _, route, how in told(after)] == [("on-call", "sms"), ("duty", "phone")]


def test_the_last_route_is_told_again_and_then_it_is_said_that_none_is_left(after: AfterMemory) -> None:
    after.escalate(after.start())
    for _ in range(8):
        after.safeguarding.tick(after.now)
        after.move(minutes=10)
    kinds = [(kind, route) for kind, route, _ in told(after)]
    assert kinds[2:] == [(StepKind.ESCALATED, "duty")] * 3 + [(StepKind.RUN_OUT, "")]
    assert state_of(only(after), after.now) == "nobody"


def test_a_council_that_names_nobody_has_the_record_and_is_told_so(memory: Memory) -> None:
    after = AfterMemory(memory, SafeguardingFile())
    after.escalate(after.start())
    assert after.safeguarding.tick(after.now) == 0
    assert told(after) == [(StepKind.RUN_OUT, "", "")]


def test_an_alert_that_cannot_be_sent_at_all_makes_the_next_route_due_at_once(after: AfterMemory) -> None:
    from guildhall.aftercare.ports import NotSentError

    after.escalate(after.start())
    after.safeguarding.tick(after.now)
    after.notifies.fails = [NotSentError("bad number", retry=False)]
    after.outbox.tick(after.now)
    assert after.safeguarding.tick(after.now) == 0, "the e-mail went"
    other = after.start()
    after.escalate(other)
    after.safeguarding.tick(after.move(seconds=1))
    after.notifies.fails = [NotSentError("bad number", retry=False), NotSentError("bad address", retry=False)]
    after.outbox.tick(after.now)
    assert after.safeguarding.tick(after.move(seconds=1)) == 1


def test_two_processes_tell_nobody_twice(after: AfterMemory) -> None:
    after.escalate(after.start())
    again = AfterMemory(after.memory)
    assert after.safeguarding.tick(after.now) + again.safeguarding.tick(after.now) == 1
    record = only(after)
    assert not after.safeguarding._tell(record.id, after.now)
    assert len(after.messages.listed()) == 2


# acknowledging and closing


def test_acknowledging_twice_keeps_the_first(after: AfterMemory) -> None:
    after.escalate(after.start())
    after.safeguarding.acknowledge(only(after).id, "Pat", after.now)
    record = after.safeguarding.acknowledge(only(after).id, "Kim", after.move(minutes=1))
    assert (record.acknowledged_by, len(record.steps)) == ("Pat", 1)


def test_nobody_acknowledges_without_a_name_or_a_record(after: AfterMemory) -> None:
    after.escalate(after.start())
    with pytest.raises(RefusedError, match="named person"):
        after.safeguarding.acknowledge(only(after).id, "  ", after.now)
    with pytest.raises(NotFoundError, match="guildhall safeguarding list"):
        after.safeguarding.acknowledge("safe-9", "Pat", after.now)


def test_closing_says_what_came_of_it_with_a_sealed_note(after: AfterMemory) -> None:
    after.escalate(after.start())
    record = after.safeguarding.close(only(after).id, "Pat", SafeguardingOutcome.REFERRED, "Referred to MARAC by phone.", after.now)
    assert (record.outcome, record.acknowledged_by, record.is_open) == ("referred", "Pat", False)
    assert after.safeguarding.notes(record) == {2: "Referred to MARAC by phone."}
    with pytest.raises(RefusedError, match="closed by somebody else"):
        after.safeguarding.close(record.id, "Kim", SafeguardingOutcome.NOT_A_CONCERN, "", after.now)


def test_after_an_erasure_the_fact_stays_and_the_words_are_gone(after: AfterMemory) -> None:
    conversation = after.start()
    after.escalate(conversation)
    after.memory.keys.destroy([conversation], "erasure-1", after.now)
    record = only(after)
    assert after.safeguarding.words(record) == {}
    with pytest.raises(RefusedError, match="was erased"):
        after.safeguarding.close(record.id, "Pat", SafeguardingOutcome.REFERRED, "a note", after.now)
    assert after.safeguarding.close(record.id, "Pat", SafeguardingOutcome.REFERRED, "", after.now).outcome == "referred"


def test_records_are_counted_together(after: AfterMemory) -> None:
    for _ in range(2):
        reference = after.escalate(after.start())
        after.safeguarding.tick(after.now)
        after.handoffs.accept(reference, "pat", after.move(minutes=2))
        after.safeguarding.tick(after.now)
    after.safeguarding.acknowledge(after.safeguarding.open_ones()[0].id, "Pat", after.now)
    found = together(after.safeguarding.since(after.now - timedelta(days=1)))
    assert (found.count, found.open, found.unacknowledged, found.late) == (2, 2, 1, 0)
    assert (found.to_person.count, found.to_person.p50) == (2, timedelta(minutes=2))
    assert found.categories == [("domestic_abuse", 2)]


# compared with the record


def test_an_escalation_without_its_record_is_found(after: AfterMemory) -> None:
    conversation = after.start()
    after.escalate(conversation)
    with after.memory.database.reading() as connection:
        assert list(compare_rows(connection, after.now)) == []
        assert list(compare_safeguarding(connection, frozenset(FILE.categories))) == []
    lost = after.start()
    after.escalate(lost)
    with after.memory.database.writing() as connection:
        connection.execute(safeguarding_records.delete().where(safeguarding_records.c.conversation_id == lost))
    with after.memory.database.reading() as connection:
        (finding,) = compare_safeguarding(connection, frozenset(FILE.categories))
    assert "has no safeguarding record" in finding.what and finding.where == lost


def test_a_record_that_no_event_speaks_of_is_found(after: AfterMemory) -> None:
    conversation = after.start()
    after.escalate(conversation)
    with after.memory.database.writing() as connection:
        connection.execute(update(safeguarding_records).values(id="safe-forged"))
    with after.memory.database.reading() as connection:
        (finding,) = compare_safeguarding(connection, frozenset())
    assert "has no SafeguardingRaised" in finding.what

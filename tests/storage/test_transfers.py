"""A conversation is passed on with a reason, the resident always has somebody or keeps their place, and only one click counts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from guildhall.storage.handoffs import HandoffStore, NotTheOwnerError
from guildhall.storage.messages import Message, MessageStore, Note
from guildhall.storage.schema import events
from guildhall.storage.threads import ThreadReader
from guildhall.storage.transfers import TransferStore
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.handoffs import HandoffStatus, Lane, Request, WrapUp
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.transfers import SupervisorReason
from guildhall.vocabulary.turns import Channel, Owner, PartKind, ReplyPart
from tests.storage.memory import NOW, Memory
from tests.storage.memory import memory as memory

PRIYA, TOM, ANN, SUE = "staff-priya", "staff-tom", "staff-ann", "staff-sue"
WHY = Note("mess_why", "They need the recovery team")
TOLD = ReplyPart(PartKind.PERSON, "I am passing you to the revenues team.", "en", wording="transfer.to_queue")
SOON, LATE = NOW + timedelta(seconds=119), NOW + timedelta(seconds=120)


def transfers(memory: Memory) -> TransferStore:
    return TransferStore(memory.database, memory.keys, memory.new_id, timedelta(seconds=120))


def handoffs(memory: Memory) -> HandoffStore:
    return HandoffStore(memory.database, memory.keys, memory.new_id)


def held(memory: Memory, by: str = PRIYA) -> tuple[ConversationId, str]:
    conversation = memory.conversations.start(Channel.WEB, "", NOW)[0].id
    request = Request(Lane.ORDINARY, "en", "", True)
    reference = memory.people.request(conversation, "front-desk", "person_requested", "", False, NOW, request)
    handoffs(memory).accept(reference, by, NOW)
    return conversation, reference


def kinds(memory: Memory, conversation: str) -> list[str]:
    query = select(events.c.kind).where(events.c.conversation_id == conversation).order_by(events.c.seq)
    with memory.database.reading() as connection:
        return list(connection.execute(query).scalars())


def test_whoever_asks_a_colleague_keeps_the_resident_until_the_colleague_takes_them(memory: Memory) -> None:
    conversation, reference = held(memory)
    messages = MessageStore(memory.database, memory.keys, memory.new_id)
    transfers(memory).offer(reference, PRIYA, TOM, WHY, NOW)
    assert memory.conversations.owner_of(conversation) == Owner.ADVISER
    assert messages.send(conversation, PRIYA, "mess_1", Message("Still here"), SOON)
    taken = transfers(memory).take(reference, TOM, TOLD, SOON)
    assert (taken.adviser_id, taken.status, taken.met_at) == (TOM, HandoffStatus.ACCEPTED, NOW)
    with pytest.raises(NotTheOwnerError):
        messages.send(conversation, PRIYA, "mess_2", Message("Hello"), SOON)
    assert messages.send(conversation, TOM, "mess_3", Message("Hello"), SOON)
    assert Owner.QUEUE not in owners(memory, conversation)[2:]


def owners(memory: Memory, conversation: str) -> list[str]:
    entries = ThreadReader(memory.database, memory.keys).read(conversation)
    return [entry.facts["owner"] for entry in entries if entry.event.value == "OwnerChanged"]


def test_the_colleague_reads_the_reason_and_the_resident_does_not(memory: Memory) -> None:
    conversation, reference = held(memory)
    transfers(memory).offer(reference, PRIYA, TOM, WHY, NOW)
    assert MessageStore(memory.database, memory.keys, memory.new_id).is_mentioned(conversation, TOM)
    threads = ThreadReader(memory.database, memory.keys)
    assert "recovery team" in str(threads.read(conversation, private=True))
    assert "recovery team" not in str(threads.read(conversation))


def test_an_offer_that_nobody_takes_in_time_ends_and_nothing_has_changed_hands(memory: Memory) -> None:
    conversation, reference = held(memory)
    transfers(memory).offer(reference, PRIYA, TOM, WHY, NOW)
    assert transfers(memory).lapse(SOON) == 0
    assert [row.offer.reference for row in transfers(memory).offers_to(TOM, SOON)] == [reference]
    assert transfers(memory).offers_to(TOM, LATE) == ()
    with pytest.raises(NotTheOwnerError):
        transfers(memory).take(reference, TOM, TOLD, LATE)
    assert (transfers(memory).lapse(LATE), transfers(memory).lapse(LATE)) == (1, 0)
    assert handoffs(memory).get(reference).adviser_id == PRIYA
    assert kinds(memory, conversation)[-1] == "HandoffTransferred"


def test_a_colleague_says_no_and_the_asker_may_ask_another(memory: Memory) -> None:
    _, reference = held(memory)
    store = transfers(memory)
    store.offer(reference, PRIYA, TOM, WHY, NOW)
    store.decline(reference, TOM, NOW)
    with pytest.raises(NotTheOwnerError):
        store.take(reference, TOM, TOLD, NOW)
    store.offer(reference, PRIYA, ANN, Note("mess_why2", "Could you?"), NOW)
    assert store.take(reference, ANN, TOLD, NOW).adviser_id == ANN


def test_asking_another_takes_the_first_question_back(memory: Memory) -> None:
    _, reference = held(memory)
    store = transfers(memory)
    store.offer(reference, PRIYA, TOM, WHY, NOW)
    store.offer(reference, PRIYA, ANN, Note("mess_why2", "Could you?"), NOW)
    assert store.offers_to(TOM, NOW) == ()
    store.take_back(reference, PRIYA, NOW)
    with pytest.raises(NotTheOwnerError):
        store.take(reference, ANN, TOLD, NOW)


def test_nobody_is_asked_without_a_reason_or_to_take_their_own(memory: Memory) -> None:
    _, reference = held(memory)
    with pytest.raises(RefusedError):
        transfers(memory).offer(reference, PRIYA, TOM, Note("mess_why", "  "), NOW)
    with pytest.raises(RefusedError):
        transfers(memory).offer(reference, PRIYA, PRIYA, WHY, NOW)
    with pytest.raises(NotTheOwnerError):
        transfers(memory).offer(reference, TOM, ANN, WHY, NOW)
    assert transfers(memory).offer_of(reference, NOW) is None


def test_what_was_wrapped_up_or_passed_on_meanwhile_cannot_be_taken(memory: Memory) -> None:
    _, reference = held(memory)
    store = transfers(memory)
    store.offer(reference, PRIYA, TOM, WHY, NOW)
    handoffs(memory).close(reference, PRIYA, WrapUp.RESOLVED, right_team=True, at=NOW)
    assert store.offers_to(TOM, NOW) == ()
    with pytest.raises(NotTheOwnerError):
        store.take(reference, TOM, TOLD, NOW)
    assert handoffs(memory).get(reference).status == HandoffStatus.CLOSED


def test_passed_to_another_team_it_keeps_its_place_and_the_resident_is_told(memory: Memory) -> None:
    conversation, reference = held(memory)
    passed = transfers(memory).to_queue(reference, PRIYA, "revenues", WHY, TOLD, SOON)
    assert (passed.queue, passed.status, passed.requested_at, passed.live) == ("revenues", HandoffStatus.REQUESTED, NOW, True)
    assert memory.conversations.owner_of(conversation) == Owner.QUEUE
    told = [entry for entry in ThreadReader(memory.database, memory.keys).read(conversation) if entry.event.value == "NoticeGiven"]
    assert [(entry.parts[0].text, entry.facts["wording"]) for entry in told] == [(TOLD.text, ["transfer.to_queue"])]
    with pytest.raises(NotTheOwnerError):
        transfers(memory).to_queue(reference, PRIYA, "repairs", Note("mess_why3", "again"), TOLD, SOON)


def test_a_refused_transfer_leaves_no_note_and_no_event(memory: Memory) -> None:
    conversation, reference = held(memory)
    before = kinds(memory, conversation)
    with pytest.raises(NotTheOwnerError):
        transfers(memory).to_queue(reference, TOM, "revenues", WHY, TOLD, NOW)
    assert kinds(memory, conversation) == before


def test_a_supervisor_takes_it_out_of_somebodys_hands_and_offers_it_to_another(memory: Memory) -> None:
    conversation, reference = held(memory)
    placed = transfers(memory).place(reference, SUE, SupervisorReason.QUIET, WHY, TOLD, NOW, to=TOM)
    assert (placed.status, placed.adviser_id) == (HandoffStatus.OFFERED, TOM)
    assert memory.conversations.owner_of(conversation) == Owner.QUEUE
    facts = next(e.facts for e in ThreadReader(memory.database, memory.keys).read(conversation) if e.event.value == "HandoffTransferred")
    assert (facts["by"], facts["had"], facts["to"], facts["why"]) == (SUE, PRIYA, TOM, "quiet")
    assert handoffs(memory).accept(reference, TOM, NOW).adviser_id == TOM


def test_a_supervisor_gives_what_waits_to_somebody_and_cannot_move_it_nowhere(memory: Memory) -> None:
    conversation = memory.conversations.start(Channel.WEB, "", NOW)[0].id
    reference = memory.people.request(conversation, "front-desk", "person_requested", "", False, NOW, Request(live=True))
    store = transfers(memory)
    with pytest.raises(RefusedError):
        store.place(reference, SUE, SupervisorReason.SKILL, WHY, TOLD, NOW)
    assert store.place(reference, SUE, SupervisorReason.SKILL, WHY, TOLD, NOW, queue="revenues").queue == "revenues"
    given = store.place(reference, SUE, SupervisorReason.SKILL, Note("mess_why4", "Yours"), TOLD, NOW, to=TOM)
    assert (given.status, given.adviser_id, given.returned) == (HandoffStatus.OFFERED, TOM, 0)


def test_of_many_who_press_at_once_exactly_one_has_the_resident(memory: Memory) -> None:
    conversation, reference = held(memory)
    store = transfers(memory)
    store.offer(reference, PRIYA, TOM, WHY, NOW)

    def attempt(number: int) -> str:
        try:
            if number % 3 == 0:
                return store.take(reference, TOM, TOLD, NOW).adviser_id
            if number % 3 == 1:
                return store.to_queue(reference, PRIYA, "revenues", Note(f"mess_{number}", "On"), TOLD, NOW).queue
            return handoffs(memory).close(reference, PRIYA, WrapUp.RESOLVED, right_team=True, at=NOW).status.value
        except NotTheOwnerError:
            return ""

    with ThreadPoolExecutor(6) as pool:
        outcomes = [outcome for outcome in pool.map(attempt, range(12)) if outcome]
    assert len(outcomes) == 1
    expected = {TOM: Owner.ADVISER, "revenues": Owner.QUEUE, "closed": Owner.CLOSED}[outcomes[0]]
    assert memory.conversations.owner_of(conversation) == expected

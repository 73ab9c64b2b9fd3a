"""A draft is decided once, whoever presses when, and what the resident is told is what happened."""

import json
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from guildhall.storage.drafts import DecidedAlreadyError, TooLateError, Verdict
from guildhall.storage.schema import events, handoffs
from guildhall.storage.supervision_schema import drafts
from guildhall.storage.threads import EntryKind
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.handoffs import Request
from guildhall.vocabulary.outcomes import Reason
from guildhall.vocabulary.supervision import DraftStatus
from guildhall.vocabulary.turns import Owner
from tests.storage.checking import PRIYA, QUESTION, TOM, Checking
from tests.storage.checking import checking as checking


def last_facts(checking: Checking, kind: str) -> dict[str, object]:
    with checking.memory.database.reading() as connection:
        found: str = (
            connection.execute(select(events.c.facts).where(events.c.kind == kind).order_by(events.c.seq.desc())).scalars().first() or "{}"
        )
    return dict(json.loads(found))


def test_what_is_drafted_is_sealed_and_nothing_of_it_is_in_the_table_or_the_facts(checking: Checking) -> None:
    draft = checking.queue()
    assert "bulky waste?" not in str(draft)
    assert QUESTION not in str(last_facts(checking, "DraftQueued"))
    words = checking.supervised.drafts.words(draft)
    assert (words.question, words.parts[-1].citations[0].title) == (QUESTION, "Bulky waste collection")
    assert words.passages[0].text.startswith("You can book")
    assert checking.thread() == (), "the resident sees nothing of a draft"


def test_approved_it_reaches_the_resident_as_a_reply_that_a_colleague_checked(checking: Checking) -> None:
    draft = checking.queue()
    checking.supervised.drafts.opened(draft.id, PRIYA, checking.clock())
    checking.clock.move(seconds=41)
    ended = checking.approve(draft)
    assert (ended.status, ended.decided_by, ended.seconds, ended.edit_distance) == (DraftStatus.APPROVED, PRIYA, 41.0, 0)
    (entry,) = checking.thread()
    assert (entry.kind, entry.turn_id) == (EntryKind.REPLY, "turn-1")
    assert [part.wording for part in entry.parts] == ["supervised.checked", "language.english_content", ""]
    assert entry.parts[-1].question == QUESTION and entry.parts[-1].citations[0].passage_id == "p1"
    assert last_facts(checking, "DraftDecided")["seconds"] == 41.0


def test_an_edit_is_sent_with_how_much_was_changed_and_keeps_its_citations(checking: Checking) -> None:
    ended = checking.edit(checking.queue(), "You can book a collection of up to 5 large things.")
    assert (ended.status, ended.reason) == (DraftStatus.EDITED, "hard_to_read")
    assert ended.edit_distance == 4, "three words went and one came"
    (entry,) = checking.thread()
    assert "large things" in entry.parts[-1].text and entry.parts[-1].citations


def test_a_figure_that_no_cited_page_holds_needs_a_tick_and_a_reason_and_both_are_kept(checking: Checking) -> None:
    draft = checking.queue()
    text = "You can book a collection of up to 5 large items. It costs £99."
    warned = checking.supervised.warned(text, checking.supervised.drafts.words(draft))
    assert any("99" in one for one in warned.unsupported)
    for ticked, why in ((False, "the new fee list"), (True, " ")):
        with pytest.raises(RefusedError, match="a tick and a reason"):
            checking.edit(draft, text, ticked=ticked, why=why)
    ended = checking.edit(draft, text, ticked=True, why="The new fee list says so")
    assert ended.warnings == len(warned.unsupported)
    assert "The new fee list says so" in str(checking.thread(private=True))
    assert "The new fee list" not in str(checking.thread()), "the reason is for colleagues"


def test_a_link_off_the_list_is_never_sent_and_an_edit_must_change_something(checking: Checking) -> None:
    draft = checking.queue()
    with pytest.raises(RefusedError, match="links that the council does not allow"):
        checking.edit(draft, "Pay at [this page](https://evil.example/pay)", ticked=True, why="it is fine")
    with pytest.raises(RefusedError, match="nothing was changed"):
        checking.edit(draft, checking.supervised.drafts.words(draft).parts[-1].text)
    with pytest.raises(RefusedError, match="needs words"):
        checking.edit(draft, "  ")
    assert checking.supervised.drafts.get(draft.id).status == DraftStatus.WAITING


def test_rejected_a_person_is_asked_for_with_the_same_stroke_and_the_resident_is_told(checking: Checking) -> None:
    ended = checking.reject(checking.queue(), code="unsafe", note="They are disabled: charge nothing")
    (request,) = checking.memory.people.all_requests(checking.conversation)
    assert (ended.status, ended.reference, request.reason) == (DraftStatus.REJECTED, request.reference, "draft_rejected")
    replies = [entry for entry in checking.thread() if entry.kind == EntryKind.REPLY]
    assert [part.wording for part in replies[0].parts] == ["supervised.rejected", "person.brought_open"]
    assert request.reference in replies[0].parts[1].text
    assert "charge nothing" not in str(checking.thread()) and "charge nothing" in str(checking.thread(private=True))
    assert checking.supervised.drafts.safety_since(checking.clock() - timedelta(days=1)) == {"service:bulky-waste": 1}


def test_with_an_adviser_there_the_rejected_resident_waits_in_the_conversation(checking: Checking) -> None:
    checking.comes()
    checking.reject(checking.queue())
    assert checking.memory.conversations.owner_of(checking.conversation) == Owner.QUEUE
    replies = [entry for entry in checking.thread() if entry.kind == EntryKind.REPLY]
    assert replies[0].parts[1].wording == "supervised.person_here"


def test_an_unknown_code_is_refused(checking: Checking) -> None:
    with pytest.raises(RefusedError, match="choose why it was rejected: wrong_fact"):
        checking.reject(checking.queue(), code="hard_to_read")


def test_when_the_time_runs_out_it_falls_to_a_person_once_however_often_the_clock_ticks(checking: Checking) -> None:
    draft = checking.queue()
    checking.clock.move(seconds=179)
    assert checking.supervised.tick() == 0
    checking.clock.move(seconds=1)
    assert [checking.supervised.tick(), checking.supervised.tick()] == [1, 0]
    assert checking.supervised.drafts.get(draft.id).status == DraftStatus.TIMED_OUT
    replies = [entry for entry in checking.thread() if entry.kind == EntryKind.REPLY]
    assert [[part.wording for part in reply.parts] for reply in replies] == [["supervised.timed_out", "person.brought_open"]]
    assert [row.reason for row in checking.memory.people.all_requests(checking.conversation)] == ["not_checked_in_time"]


def test_whoever_decides_after_the_time_sends_nothing_even_before_the_clock_ticked(checking: Checking) -> None:
    draft = checking.queue()
    checking.clock.move(seconds=180)
    with pytest.raises(TooLateError):
        checking.approve(draft)
    assert checking.thread() == ()
    checking.supervised.tick()
    with pytest.raises(DecidedAlreadyError, match="Nobody checked it in time"):
        checking.approve(draft)
    assert checking.kinds().count("DraftDecided") == 1


def test_the_second_of_two_advisers_is_told_and_nothing_is_sent_twice(checking: Checking) -> None:
    draft = checking.queue()
    checking.approve(draft, PRIYA)
    with pytest.raises(DecidedAlreadyError) as told:
        checking.reject(draft, TOM)
    assert told.value.draft.decided_by == PRIYA
    assert checking.kinds().count("DraftDecided") == 1
    assert checking.memory.people.all_requests(checking.conversation) == ()


def test_many_at_once_decide_it_once(checking: Checking) -> None:
    draft = checking.queue()
    words = checking.supervised.drafts.words(draft)
    won: list[str] = []
    ready = threading.Barrier(6)

    def press(number: int) -> None:
        ready.wait()
        try:
            if number % 3 == 0:
                checking.supervised.approve(draft, words, f"staff-{number}")
            elif number % 3 == 1:
                checking.supervised.reject(draft, words, f"staff-{number}", "tone")
            elif not checking.supervised.tick(draft.until):
                return
            won.append(str(number))
        except (DecidedAlreadyError, TooLateError):
            pass

    threads = [threading.Thread(target=press, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert checking.kinds().count("DraftDecided") == 1
    with checking.memory.database.reading() as connection:
        assert len(connection.execute(select(handoffs.c.id)).all()) <= 1


def test_a_process_that_dies_in_the_middle_of_deciding_has_decided_nothing(checking: Checking, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = checking.queue()

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(checking.supervised.drafts, "_note", dies)
    with pytest.raises(KeyboardInterrupt):
        checking.reject(draft)
    monkeypatch.undo()
    assert checking.supervised.drafts.get(draft.id).status == DraftStatus.WAITING
    assert checking.memory.people.all_requests(checking.conversation) == ()
    assert checking.approve(draft).status == DraftStatus.APPROVED


def test_once_a_person_has_the_conversation_a_late_draft_is_dropped(checking: Checking) -> None:
    first, second = checking.queue(), checking.queue("And the bins?")
    checking.memory.people.request(checking.conversation, "front-desk", "person_requested", "", False, checking.clock(), Request(live=True))
    before = len(checking.thread())
    assert checking.approve(first).status == DraftStatus.OVERTAKEN
    assert checking.supervised.tick() == 1, "the other one goes without waiting for its time"
    assert checking.supervised.drafts.get(second.id).status == DraftStatus.OVERTAKEN
    assert len(checking.thread()) == before


def test_what_a_person_gave_back_before_the_clock_ticked_goes_on_waiting(checking: Checking) -> None:
    draft = checking.queue()
    words = checking.supervised.drafts.words(draft)
    pass_on = checking.supervised._pass_on(draft, words.question, "supervised.timed_out", Reason.NOT_CHECKED_IN_TIME, checking.clock())
    assert checking.supervised.drafts.end(draft.id, Verdict(DraftStatus.TIMED_OUT), checking.clock(), pass_on).status == DraftStatus.WAITING
    assert checking.thread() == ()


def test_a_queue_that_the_council_took_out_meanwhile_stops_nobody(checking: Checking) -> None:
    draft = checking.queue()
    with checking.memory.database.writing() as connection:
        connection.execute(update(drafts).where(drafts.c.id == draft.id).values(queue="gone"))
    assert checking.supervised.tick(draft.until) == 1
    assert [row.queue for row in checking.memory.people.all_requests(checking.conversation)] == ["front-desk"]


def test_the_same_question_asked_again_is_not_put_before_advisers_twice(checking: Checking) -> None:
    draft = checking.queue()
    checking.clock.move(seconds=20)
    assert checking.queue().id == draft.id
    assert checking.queue("And a fridge?").id != draft.id
    checking.approve(draft)
    assert checking.queue().id != draft.id


def test_erased_words_are_gone_and_the_figures_stay(checking: Checking) -> None:
    draft = checking.queue()
    checking.memory.keys.destroy([checking.conversation], "eras_1", checking.clock())
    with pytest.raises(NotFoundError):
        checking.supervised.drafts.words(draft)
    assert checking.supervised.drafts.get(draft.id).words > 0


def test_what_pages_say_now_can_be_set_beside_what_they_said(checking: Checking) -> None:
    assert checking.supervised.drafts.now_on_pages(["p1"]) == {}

"""What the caller heard is the truth: of the transcript, of what later turns look back on, and of what is said again."""

from guildhall.bootstrap.house import Guildhall
from guildhall.storage.threads import EntryKind
from guildhall.vocabulary.calls import PartHeard, heard_parts
from guildhall.vocabulary.ids import ConversationId
from tests.phone.calling import Caller, facts_of


def test_a_sentence_that_was_not_heard_is_no_context_and_is_marked(guildhall: Guildhall) -> None:
    caller = Caller(guildhall)
    parts, done = caller.says("How much is bulky waste?", hears=False)
    first, *rest = parts[0].part.text.split(". ", 1)
    assert rest, "the answer has a second sentence"
    caller.hears(done.turn_id, 0, f"{first}.", ends=False)
    loaded = guildhall.conversations.load(ConversationId(caller.id))
    assert loaded is not None
    assert loaded.turns[-1].reply == f"{first}." and rest[0] not in loaded.turns[-1].reply
    turn = guildhall.conversations.transcript(ConversationId(caller.id))[-1]
    assert turn.heard == {0: PartHeard(f"{first}.", False)} and turn.parts[0].text.startswith(first)
    entry = next(e for e in guildhall.desk.threads.read(caller.id) if e.kind == EntryKind.REPLY)
    assert entry.heard == turn.heard


def test_a_reply_of_which_nothing_was_heard_was_not_given(guildhall: Guildhall) -> None:
    caller = Caller(guildhall)
    caller.says("How much is bulky waste?", hears=False)
    loaded = guildhall.conversations.load(ConversationId(caller.id))
    assert loaded is not None and (loaded.turns[-1].reply, loaded.turns[-1].wordings) == ("", ())


def test_safety_words_that_were_cut_off_are_said_again(guildhall: Guildhall) -> None:
    """While somebody waits, each safety wording is said once: that it was prepared is not that it was said."""
    caller = Caller(guildhall)
    caller.wants_person("0")
    caller.is_put_through(caller.wants_person("0"))
    cut, done = caller.says("I want to kill myself", hears=False)
    assert cut
    caller.hears(done.turn_id, 0, cut[0].part.text.split(".")[0], ends=False)
    again, done = caller.says("I want to kill myself")
    assert [part.part.wording for part in again] == [part.part.wording for part in cut]
    silent, _ = caller.says("I want to kill myself")
    assert silent == []


def test_what_is_said_again_after_a_cough_counts_once() -> None:
    pieces = [(0, "It costs £32.", False), (0, "It costs £32.", False), (0, "You can pay online.", True)]
    assert heard_parts(pieces) == {0: PartHeard("It costs £32. You can pay online.", True)}


def test_what_was_heard_is_sealed_and_never_a_fact(guildhall: Guildhall) -> None:
    caller = Caller(guildhall)
    _, done = caller.says("How much is bulky waste?", hears=False)
    caller.hears(done.turn_id, 0, "It costs £32.")
    assert facts_of(guildhall, "ReplyHeard") == [{"part": 0, "ends": True, "characters": 13}]


def test_who_reads_a_reply_is_not_asked_what_they_heard(guildhall: Guildhall) -> None:
    from guildhall.conversations.runner import collect_turn
    from guildhall.vocabulary.turns import Channel, Utterance

    conversation, _ = guildhall.conversations.start(Channel.WEB, "", guildhall.house.clock())
    collect_turn(guildhall.house, conversation, Utterance("How much is bulky waste?", Channel.WEB, guildhall.house.clock()))
    loaded = guildhall.conversations.load(conversation.id)
    assert loaded is not None and "£" in loaded.turns[-1].reply
    assert guildhall.conversations.transcript(conversation.id)[-1].heard is None

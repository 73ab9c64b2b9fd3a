"""A conversation in which somebody's words stand in every place that the advisers' desk has for them."""

from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import insert, select

from guildhall.bootstrap.after import After, open_after
from guildhall.bootstrap.identifiers import new_id
from guildhall.conversations.ports import ToCheck
from guildhall.councils.loading import load_council
from guildhall.storage.calls import CallStore, Noted
from guildhall.storage.calls_schema import calls
from guildhall.storage.drafts import DraftStore, Verdict
from guildhall.storage.follow_ups import FollowUpStore
from guildhall.storage.gaps import GapStore
from guildhall.storage.handoffs import HandoffStore
from guildhall.storage.labels import LabelStore
from guildhall.storage.messages import Message, MessageStore
from guildhall.storage.needs import NeedsStore
from guildhall.storage.people import CallbackDetails
from guildhall.storage.phrases import PhraseStore, Proposed
from guildhall.storage.satisfaction import SatisfactionStore
from guildhall.storage.schema import events
from guildhall.storage.staff import StaffStore
from guildhall.storage.translations import TranslationStore
from guildhall.storage.unhelped import UnhelpedReader
from guildhall.testing.library import PASSAGES
from guildhall.vocabulary.aftercare import FollowUpKind, Need, Score
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.handoffs import Lane, PassedBack, Request, WrapUp
from guildhall.vocabulary.ids import ConversationId, TurnId
from guildhall.vocabulary.passages import Found
from guildhall.vocabulary.phrases import PhraseKind
from guildhall.vocabulary.safeguarding import Evidence, SafeguardingOutcome
from guildhall.vocabulary.staff import StaffId
from guildhall.vocabulary.supervision import DraftStatus, Topic, TopicKind
from guildhall.vocabulary.translations import Translation, TranslationStatus
from guildhall.vocabulary.turns import PartKind, ReplyPart
from tests.bootstrap.deployment import Deployment
from tests.learning.house import FakeEncoder, PlainSpace

WORD = "kanarekptak"
"""A word of its own: every mark has it, and three people say it, so that a content gap is named by it."""
ADDRESS = f"{WORD}@example.org"
NOT_HELPED = {"outcome": "declined", "reason": "no_evidence", "language": "en", "channel": "web"}
BULKY = Topic(TopicKind.SERVICE, "bulky-waste")
PLACES = (
    "said", "message", "original", "note", "unsent", "drafted", "edited", "draft-note", "needs", "comment", "action", "agreed",
    "evidence", "safeguarding", "proposal", "translation", "callback",
    "caller", "heard", "noted",
)  # fmt: skip


def mark(place: str) -> str:
    """The words that stand in one place and no other."""
    return f"{WORD} z-{place}-ptak"


@dataclass
class Planted:
    """Where everything stands. `others` said the same word, and are other people."""

    conversation: str
    after: After
    reference: str = ""
    danger: str = ""
    record: str = ""
    others: list[str] = field(default_factory=list)


def plant(deployment: Deployment) -> Planted:
    """Words in every place; the outbox has a message that was sent, one that waits, and one that was withheld."""
    deployment.settings.data_dir.mkdir(exist_ok=True)
    after = open_after(deployment.settings, load_council(Path("councils"), "avonmere"), deployment.rights.memory)
    others = [deployment.say(f"{WORD} other{number}", **NOT_HELPED) for number in ("one", "two")]
    planted = Planted(deployment.say(mark("said"), **NOT_HELPED), after, others=others)
    staff = StaffStore(deployment.database)
    for staff_id, name in (("staff_pat", "Pat Adviser"), ("staff_jo", "Jo Colleague")):
        staff.add(StaffId(staff_id), name, "", deployment.clock())
    _rang(deployment, planted)
    _learned(deployment, planted)
    _checked(deployment, planted)
    _with_an_adviser(deployment, planted)
    _afterwards(deployment, planted)
    _in_danger(deployment, planted)
    return planted


def _rang(deployment: Deployment, planted: Planted) -> None:
    """They rang as well: who they were, what they heard, what was noted."""
    conversation, now, keys = planted.conversation, deployment.clock(), deployment.keys
    numbers = {"caller": mark("caller"), "dialled": "01632 960500"}
    sealed = keys.sealer.seal(keys.get(conversation), numbers, conversation)
    with deployment.database.writing() as connection:
        row = {"conversation_id": conversation, "known_as": "a" * 64, "sealed": sealed, "hearing": "open", "began_at": now}
        connection.execute(insert(calls).values(**row))
    store = CallStore(deployment.database, keys, "testshire", deployment.conversations, new_id)
    heard = {"part": 0, "ends": True, "characters": 5}
    store.note(conversation, Noted(EventKind.REPLY_HEARD, heard, {"text": mark("heard")}, turn_of(deployment, conversation)), now)
    store.note(conversation, Noted(EventKind.CALL_NOTED, {"what": "unsure"}, {"utterance": mark("noted")}), now)


def _learned(deployment: Deployment, planted: Planted) -> None:
    from guildhall.learning.gathering import Gathering
    from guildhall.learning.titles import Titler

    store = GapStore(deployment.database, deployment.keys, "testshire", new_id)
    reader = UnhelpedReader(deployment.database, deployment.keys, "testshire")
    Gathering(reader, store, FakeEncoder(), PlainSpace(), Titler([]), lambda text: text, dict, deployment.clock, new_id).look()
    phrases = PhraseStore(deployment.database, deployment.keys, "testshire", new_id)
    phrases.propose(Proposed(PhraseKind.CASE, mark("proposal"), conversation_id=planted.conversation), "staff_pat", deployment.clock())


def _checked(deployment: Deployment, planted: Planted) -> None:
    """A drafted answer that an adviser edited."""
    drafts = DraftStore(deployment.database, deployment.keys, deployment.people, "testshire", new_id)
    answer = ReplyPart(PartKind.ANSWER, mark("drafted"), "en")
    given = ToCheck(
        ConversationId(planted.conversation), TurnId(turn_of(deployment, planted.conversation)), BULKY, "bulky-waste", "front-desk", "en",
        "quoting@1", mark("said"), (answer,), (Found(PASSAGES["bulky"], 0.9, 1),), deployment.clock(),
    )  # fmt: skip
    draft, _ = drafts.queue(given, 600)
    edited = ReplyPart(PartKind.ANSWER, mark("edited"), "en")
    drafts.end(draft, Verdict(DraftStatus.EDITED, "staff_pat", (edited,), "hard_to_read", note=mark("draft-note")), deployment.clock())


def _with_an_adviser(deployment: Deployment, planted: Planted) -> None:
    conversation, now = ConversationId(planted.conversation), deployment.clock()
    parts = (deployment.database, deployment.keys, new_id)
    messages, handoffs = MessageStore(*parts), HandoffStore(*parts)
    planted.reference = deployment.people.request(conversation, "front-desk", "person_requested", "", False, now)
    NeedsStore(*parts).give(conversation, [Need.LARGE_PRINT, Need.OTHER], mark("needs"), now)
    FollowUpStore(*parts).ask(conversation, FollowUpKind.EMAIL, ADDRESS, "en", now)
    planted.after.contacts.recognise(conversation, ADDRESS, now)
    handoffs.accept(planted.reference, "staff_pat", now)
    messages.send(conversation, "staff_pat", "mess_first", Message(mark("message"), "pl", mark("original")), now)
    messages.note(conversation, "staff_pat", "mess_note", mark("note"), ["staff_jo"], now)
    messages.keep_unsent(conversation, "staff_jo", mark("unsent"), now)
    labels = LabelStore(*parts, {"council-tax"})
    labels.change(conversation, "staff_pat", now, add=["council-tax"])
    labels.link(planted.reference, "bulky-waste", "staff_pat", now)
    shown = Translation(TranslationStatus.SHOWN, "en", mark("translation"), "pl", "a machine")
    TranslationStore(*parts).keep(conversation, event_of(deployment, conversation, EventKind.UTTERANCE_RECEIVED), shown, now)
    planted.after.follow_ups.agreed(conversation, "staff_pat", mark("agreed"), now)
    handoffs.close(planted.reference, "staff_pat", WrapUp.RESOLVED, True, now)


def _afterwards(deployment: Deployment, planted: Planted) -> None:
    """A summary that was sent, what the resident said of it, and a second summary that waits."""
    conversation, now, parts = planted.conversation, deployment.clock(), (deployment.database, deployment.keys, new_id)
    assert planted.after.tick_and_wait(now).sent == 1
    SatisfactionStore(*parts).give(conversation, Score.SATISFIED, mark("comment"), now)
    (answer,) = planted.after.comments.unread()
    planted.after.comments.mark_read(answer.id, "staff_jo", mark("action"), now)
    asked = deployment.people.request(ConversationId(conversation), "front-desk", "person_requested", "", False, now)
    deployment.people.book(conversation, asked, CallbackDetails(mark("callback"), "07700 900123", True), None, now)
    assert planted.after.follow_ups.tick(now) == 1


def _in_danger(deployment: Deployment, planted: Planted) -> None:
    """Last, because nothing is sent any more once somebody may be in danger: the next summary is withheld."""
    conversation, now, parts = ConversationId(planted.conversation), deployment.clock(), (deployment.database, deployment.keys, new_id)
    evidence = Evidence("domestic_abuse", "turn-1", "confirm", (), "pack", (), mark("evidence"))
    more = Request(Lane.DANGER, evidence=(evidence,), out_of_hours=True)
    planted.danger = deployment.people.request(conversation, "duty", "distress", "domestic_abuse", True, now, more)
    handoffs = HandoffStore(*parts)
    handoffs.accept(planted.danger, "staff_pat", now)
    handoffs.pass_back(planted.danger, PassedBack.GONE, now, staff_id="staff_pat")
    handoffs.accept(planted.danger, "staff_pat", now)
    handoffs.close(planted.danger, "staff_pat", WrapUp.RESOLVED, True, now)
    planted.after.follow_ups.tick(now)
    (record,) = planted.after.safeguarding.open_ones()
    planted.record = record.id
    planted.after.safeguarding.close(record.id, "Pat Lead", SafeguardingOutcome.REFERRED, mark("safeguarding"), now)


def turn_of(deployment: Deployment, conversation: str) -> str:
    """The id of its turn."""
    return deployment.conversations.transcript(conversation)[0].id


def event_of(deployment: Deployment, conversation: str, kind: EventKind) -> str:
    """The id of its first event of a kind."""
    query = select(events.c.id).where(events.c.conversation_id == conversation, events.c.kind == kind.value).order_by(events.c.seq)
    with deployment.database.reading() as connection:
        return str(connection.execute(query).scalars().first())

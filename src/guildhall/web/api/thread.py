"""A conversation's thread and standing, as the API shows them."""

from collections.abc import Iterator

from guildhall.storage.threads import Entry, EntryKind
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.passages import Citation
from guildhall.vocabulary.turns import Owner, PartKind, ReplyPart
from guildhall.web.api.handoff_models import EntryOut, StandingOut, ThreadOut
from guildhall.web.api.shown import part_out
from guildhall.web.front_door import FrontDoor
from guildhall.web.told import AdviserNames, citation_of, notice_of


class ThreadShower:
    """Shows one conversation, in its own language."""

    def __init__(self, door: FrontDoor, conversation_id: ConversationId) -> None:
        self._door = door
        self._id = conversation_id
        conversation = door.guildhall.conversations.load(conversation_id)
        self._language = (conversation.language if conversation else "") or "en"
        self._names = AdviserNames(door.guildhall, self._say)

    def since(self, after: int) -> ThreadOut:
        """What is new after a place."""
        desk = self._door.guildhall.desk
        newest = desk.threads.last(self._id)
        entries = [shown for entry in desk.threads.read(self._id, after) for shown in self._entry(entry)]
        return ThreadOut(owner=self.owner, seq=max(after, newest), entries=entries, seen=desk.marks.seen_by_staff(self._id))

    @property
    def owner(self) -> Owner:
        """Who has it now."""
        return self._door.guildhall.conversations.owner_of(self._id) or Owner.ASSISTANT

    def standing(self, since: float | None = None) -> StandingOut:
        """Who has it, and the place in the queue; no older than `since`, by the stopwatch."""
        guildhall, owner = self._door.guildhall, self.owner
        handoff = guildhall.desk.handoffs.live_of(self._id)
        if handoff is None:
            return StandingOut(owner=owner)
        queue = guildhall.profile.handoffs.queues.get(handoff.queue)
        adviser = self._names.of(handoff.adviser_id) if owner == Owner.ADVISER else ""
        shown = StandingOut(owner=owner, reference=handoff.reference, queue=self._team(handoff.queue), adviser=adviser)
        place = self._door.standings.of(handoff.reference, since) if owner == Owner.QUEUE else None
        if place is None:
            return shown
        shown.position, shown.present, shown.expected_seconds = place.position, place.present, place.expected_seconds
        shown.gives_up_after_minutes = queue.give_up_after_minutes if queue else None
        return shown

    def _say(self, wording_id: str, **values: str) -> str:
        profile = self._door.guildhall.profile
        return profile.wordings.say(wording_id, self._language, council=profile.council.name, **values)

    def _team(self, queue: str) -> str:
        found = self._door.guildhall.profile.handoffs.queues.get(queue)
        return found.named(self._language) if found else ""

    def _entry(self, entry: Entry) -> Iterator[EntryOut]:
        base = EntryOut(seq=entry.seq, id=entry.id, kind="notice", at=entry.at, turn=entry.turn_id)
        parts = [part_out(part, self._door) for part in entry.parts]
        if entry.kind == EntryKind.SAID:
            yield base.model_copy(update={"kind": "said", "text": entry.text})
        elif entry.kind == EntryKind.MESSAGE:
            yield base.model_copy(update=self._message(entry))
        elif parts:
            yield base.model_copy(update={"kind": "reply", "parts": parts})
        elif found := notice_of(entry, self._names.of, self._team):
            yield base.model_copy(update={"text": self._say(found[0], **found[1]), "language": self._language, "event": entry.event})

    def _message(self, entry: Entry) -> dict[str, object]:
        language = str(entry.facts.get("language") or "en")
        cited: tuple[Citation, ...] = tuple(citation_of(given) for given in entry.words.get("citations", ()))
        part = ReplyPart(PartKind.ANSWER, "", language, cited)
        original = str(entry.words.get("original") or "")
        return {
            "kind": "message",
            "text": entry.text,
            "language": language,
            "original": original if original != entry.text else "",
            "by": self._names.of(entry.by),
            "parts": [part_out(part, self._door)] if cited else [],
        }

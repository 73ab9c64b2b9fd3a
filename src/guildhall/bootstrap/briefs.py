"""Briefs for advisers, read from the record. Whoever shows one has said so through `StaffViews` before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guildhall.bootstrap.identifiers import new_id, new_reference, new_secret
from guildhall.conversations.steps.receive import readable
from guildhall.councils.profile import CouncilProfile
from guildhall.handoffs.brief import Known, brief_of, language_of
from guildhall.handoffs.told import Told, ToldTurn, Written
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.needs import NeedsStore
from guildhall.storage.people import CallbackRow, PeopleStore
from guildhall.storage.threads import Entry, EntryKind, ThreadReader
from guildhall.storage.turns import TurnReader
from guildhall.understanding.given import given_facts
from guildhall.vocabulary.aftercare import NEED_LABELS, CommunicationNeeds, Need
from guildhall.vocabulary.briefs import Brief, GivenFact
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.ids import ConversationId, PassageId, ServiceKey
from guildhall.vocabulary.passages import Citation

FOUND_IN_TURNS = 3
"""The passages of so many last turns are worth showing."""
FOUND_IN_EACH = 4


@dataclass(frozen=True)
class Briefs:
    """Makes briefs out of what was recorded."""

    profile: CouncilProfile
    threads: ThreadReader
    conversations: ConversationStore
    people: PeopleStore
    turns: TurnReader
    needs: NeedsStore
    streets: frozenset[str] = frozenset()
    """The names of the council's streets, casefolded."""

    def brief(self, conversation_id: str) -> Brief:
        """The brief of a conversation. Raises NotFoundError."""
        requests = self.people.all_requests(conversation_id)
        told = self._told(conversation_id, requests)
        known = Known(
            name_of=self._name_of,
            is_urgent=self._is_urgent,
            next_steps=self.profile.next_steps,
            facts=(*given_facts([turn.text for turn in told.turns], self.streets), *_callback_facts(requests)),
            needs=_in_words(self.needs.of(conversation_id)),
            passages=self._found(told.turns),
        )
        return brief_of(told, known)

    def language(self, conversation_id: str, entries: Sequence[Entry] | None = None) -> str:
        """The language the resident writes in now; `entries` are what was said, where that was just read. Raises NotFoundError."""
        return language_of(self._told(conversation_id, (), entries))

    def _told(self, conversation_id: str, requests: Sequence[CallbackRow], entries: Sequence[Entry] | None = None) -> Told:
        conversation = self.conversations.load(ConversationId(conversation_id))
        if conversation is None:
            raise NotFoundError(f"there is no conversation {conversation_id}")
        entries = self.threads.read(conversation_id) if entries is None else entries
        reason, category = (requests[0].reason, requests[0].category) if requests else ("", "")
        return Told(tuple(_told_turns(entries)), tuple(_written(entries)), conversation.language, reason, category)

    def _name_of(self, key: ServiceKey) -> str:
        service = self.profile.services.get(key)
        return service.name if service else key.replace("-", " ")

    def _is_urgent(self, key: ServiceKey) -> bool:
        """Whether the service's own queue is one that the council calls urgent."""
        return self.profile.handoffs.queues[self.profile.queue_for(key)].urgent

    def _found(self, turns: tuple[ToldTurn, ...]) -> tuple[Citation, ...]:
        """What search brought back, of the newest turn first."""
        ids = [one["id"] for turn in reversed(turns[-FOUND_IN_TURNS:]) for one in turn.facts.get("passages", ())[:FOUND_IN_EACH]]
        known = self.turns.passages(list(dict.fromkeys(ids)))
        found = [(PassageId(one), known[one]) for one in dict.fromkeys(ids) if one in known]
        return tuple(Citation(passage_id, passage.title, passage.section, passage.url, passage.updated) for passage_id, passage in found)


def open_briefs(database: Database, keys: KeyRing, profile: CouncilProfile, content: Database) -> Briefs:
    """Briefs over the database of conversations and that of the council's content."""
    conversations = ConversationStore(database, keys, profile.slug, new_id, new_secret)
    people = PeopleStore(database, keys, new_id, new_reference)
    streets = frozenset(street.name.casefold() for street in profile.places.streets)
    return Briefs(
        profile,
        ThreadReader(database, keys),
        conversations,
        people,
        TurnReader(content, profile.slug),
        NeedsStore(database, keys, new_id),
        streets,
    )


def _in_words(given: CommunicationNeeds | None) -> tuple[str, ...]:
    """What the resident agreed that staff may know."""
    if given is None:
        return ()
    return (*(NEED_LABELS[need] for need in given.needs if need != Need.OTHER), *([given.other] if given.other else []))


def _told_turns(entries: Sequence[Entry]) -> Iterator[ToldTurn]:
    grouped: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.kind in (EntryKind.SAID, EntryKind.REPLY):
            grouped.setdefault(entry.turn_id, []).append(entry)
    for group in grouped.values():
        completed = next((entry for entry in group if entry.event == EventKind.TURN_COMPLETED), None)
        words: Mapping[str, Any] = completed.words if completed else {}
        said = words.get("utterance") or next((entry.text for entry in group if entry.kind == EntryKind.SAID), "")
        yield ToldTurn(
            text=readable(said),
            at=group[0].at,
            parts=completed.given if completed else tuple(part for entry in group for part in entry.parts),
            questions=tuple(words.get("questions", ())),
            facts=completed.facts if completed else {},
        )


def _written(entries: Sequence[Entry]) -> Iterator[Written]:
    for entry in entries:
        if entry.kind == EntryKind.MESSAGE:
            made = [
                Citation(c["passage"], c["title"], c["section"], c["url"], c.get("updated", "")) for c in entry.words.get("citations", ())
            ]
            yield Written(entry.words.get("original") or entry.text, entry.by, entry.at, tuple(made))


def _callback_facts(requests: tuple[CallbackRow, ...]) -> Iterator[GivenFact]:
    details = next((row.details for row in requests if row.details), None)
    if details is None:
        return
    if details.name:
        yield GivenFact("Name for the callback", details.name)
    if details.phone:
        yield GivenFact("Phone for the callback", details.phone)
    yield GivenFact("May a message be left", "Yes" if details.safe_to_leave_message else "No, do not leave one")
    if details.needs:
        yield GivenFact("Said for the callback", details.needs)

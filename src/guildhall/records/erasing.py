"""Erasing: the system proposes, a named person or an adopted schedule decides, and what was decided is carried out to its end.

Every step may be done twice, so that an erasure cut short by a crash is simply carried out again. The decision is in the record
before anything is destroyed, and the certificate's digest after it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from guildhall.records.erasures import KEPT, Certificate, Concern, Erasure
from guildhall.records.holding import Hold
from guildhall.records.ports import Appends, DestroysKeys, HoldsWords, Journal, KnowsHolds, Progress, Scrubs
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId

SAMPLES = 5
"""Pieces of the erased words that are looked for afterwards."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be erased, and what speaks against it."""

    conversations: tuple[str, ...]
    holds: tuple[Hold, ...]
    concerns: tuple[Concern, ...]
    gone_already: frozenset[str]


@dataclass(frozen=True)
class Erasing:
    """Carries out erasures over every place that can hold words. `wait` returns once no process uses a destroyed key any more."""

    journal: Journal
    keys: DestroysKeys
    holds: KnowsHolds
    stores: Sequence[HoldsWords]
    databases: Sequence[Scrubs]
    record: Appends
    clock: Callable[[], datetime]
    new_id: Callable[[str], str]
    wait: Callable[[], None]

    def propose(self, conversations: Sequence[str]) -> Proposal:
        """Nothing is changed by this."""
        wanted = tuple(dict.fromkeys(conversations))
        return Proposal(wanted, self.holds.on(wanted), self.journal.concerns(wanted), self.keys.erased_among(wanted))

    def decide(self, conversations: Sequence[str], rule: str, reason: str, by: str) -> Erasure:
        """Put the decision into the record and the journal. Raises RefusedError while a hold stands, or when reason or name is missing."""
        erasure = self._decision(conversations, rule, reason, by)
        self._refuse_held(erasure.conversations)
        self.record.append([self._event(erasure, conversation_id) for conversation_id in erasure.conversations])
        self.journal.decided(erasure)
        return erasure

    def refuse(self, conversations: Sequence[str], reason: str, by: str) -> Erasure:
        """Put into the record and the journal that somebody's words stay. Raises RefusedError when reason or name is missing."""
        refusal = self._decision(conversations, "refused", reason, by)
        facts = {"erasure": refusal.id, "step": "erasure_refused", "by": refusal.decided_by}
        kind, at = EventKind.RIGHTS_REQUEST_STEPPED, refusal.decided_at
        self.record.append([Event(EventId(self.new_id("event")), kind, at, ConversationId(c), None, facts) for c in refusal.conversations])
        self.journal.refused(refusal)
        return refusal

    def _decision(self, conversations: Sequence[str], rule: str, reason: str, by: str) -> Erasure:
        if not by.strip() or not reason.strip():
            raise RefusedError("an erasure, or its refusal, needs the name of who decides and a reason; give both.")
        wanted = tuple(dict.fromkeys(conversations))
        return Erasure(self.new_id("erasure"), wanted, rule, reason.strip(), by.strip(), self.clock())

    def carry_out(self, erasure: Erasure, progress: Progress = lambda _done, _all: None) -> Certificate:
        """Do what was decided, whether or not some of it was done before. Raises RefusedError when a hold came in between."""
        ids = erasure.conversations
        if not self.keys.erased_among(ids):
            self._refuse_held(ids)
        total = len(self.stores) + 4
        samples = self.journal.samples(ids, SAMPLES)
        self.journal.shut(ids)
        destroyed = self.keys.destroy(ids, erasure.id, self.clock())
        progress(1, total)
        self.wait()
        progress(2, total)
        purged = {}
        for number, store in enumerate(self.stores, 3):
            purged[store.name] = store.purge(ids)
            progress(number, total)
        scrubs = [database.scrub() for database in self.databases]
        found = sorted({place for store in self.stores for place in store.search(samples)})
        progress(total - 1, total)
        certificate = self._certify(erasure, destroyed, purged, len(samples), found, all(scrubs))
        self.journal.finished(erasure.id, certificate.as_json)
        progress(total, total)
        return certificate

    def resume(self, progress: Progress = lambda _done, _all: None) -> tuple[Certificate, ...]:
        """Finish what a crash cut short."""
        return tuple(self.carry_out(erasure, progress) for erasure in self.journal.unfinished())

    def _refuse_held(self, conversations: Sequence[str]) -> None:
        if holds := self.holds.on(conversations):
            raise RefusedError(
                f"a hold keeps these words: {'; '.join(hold.in_words for hold in holds[:5])}. "
                "Nothing was erased. Lift it first with `guildhall hold lift`, if the reason is gone."
            )

    def _event(self, erasure: Erasure, conversation_id: str = "", **facts: object) -> Event:
        known: dict[str, object] = {"erasure": erasure.id, "rule": erasure.rule, "by": erasure.decided_by, "stage": "decided"}
        where = ConversationId(conversation_id) if conversation_id else None
        return Event(EventId(self.new_id("event")), EventKind.WORDS_ERASED, self.clock(), where, None, known | facts)

    def _certify(
        self, erasure: Erasure, destroyed: int, purged: dict[str, int], strings: int, found: list[str], scrubbed: bool
    ) -> Certificate:
        done = self._event(erasure)
        certificate = Certificate(
            {
                "erasure": erasure.id,
                "conversations": list(erasure.conversations),
                "rule": erasure.rule,
                "reason": erasure.reason,
                "decided_by": erasure.decided_by,
                "decided_at": erasure.decided_at.isoformat(),
                "finished_at": done.at.isoformat(),
                "events": [done.id],
                "keys_destroyed": destroyed,
                "purged": purged,
                "searched": {"strings": strings, "stores": [store.name for store in self.stores], "found": found},
                "files_scrubbed": scrubbed,
                "kept": [{"what": what, "why": why} for what, why in KEPT],
            }
        )
        facts = {
            "stage": "done",
            "conversations": len(erasure.conversations),
            "certificate": certificate.digest,
            "clean": certificate.clean,
        }
        self.record.append([Event(done.id, done.kind, done.at, None, None, {**done.facts, **facts})])
        return certificate

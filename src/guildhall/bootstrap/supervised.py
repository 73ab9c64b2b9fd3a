"""Supervised answers, wired: for the turn, for the pages where drafts are checked, for the ticker and for commands."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from guildhall.answers.supervision import TopicRule
from guildhall.bootstrap.desk import Desk
from guildhall.bootstrap.identifiers import new_id
from guildhall.conversations.checked import (
    PassedOn,
    Warned,
    answer_text,
    checked_parts,
    edit_distance,
    edited_parts,
    passed_on_parts,
    warnings_of,
)
from guildhall.conversations.ports import ToCheck
from guildhall.councils.profile import CouncilProfile
from guildhall.councils.supervision import only_approved, rule_of
from guildhall.governance.supervising import Evidence, Supervision, all_effective, effective, evidence_of
from guildhall.handoffs.ordering import lane_of
from guildhall.storage.database import Database
from guildhall.storage.drafts import DecidedAlreadyError, DraftStore, DraftWords, PassOn, Verdict
from guildhall.storage.keys import KeyRing
from guildhall.storage.people import PeopleStore
from guildhall.storage.supervision import SupervisionStore
from guildhall.storage.supervision_evidence import TroubleReader
from guildhall.storage.watching import Watched
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.handoffs import Request
from guildhall.vocabulary.outcomes import Reason
from guildhall.vocabulary.signals import Category
from guildhall.vocabulary.supervision import EVERYTHING, DraftAnswer, DraftStatus, Mode, Modes, Topic, TopicHistory, TopicKind

Clock = Callable[[], datetime]


class WatchedModes(Watched[Modes]):
    """What topics may be answered how, as this process last read it. A reading that fails keeps what was known."""

    name = "supervision"


@dataclass(frozen=True)
class Supervised:
    """Everything about supervised answers. It is also the turn's `house.supervision`."""

    profile: CouncilProfile
    drafts: DraftStore
    settings: SupervisionStore
    troubles: TroubleReader
    desk: Desk
    clock: Clock
    watched: WatchedModes
    changing: Supervision = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "changing", Supervision(self.settings, self.profile.supervision.bar))

    # for the turn

    def modes(self) -> Modes:
        """What holds, read a second ago at most."""
        return self.watched()

    def queue(self, answer: ToCheck) -> tuple[str, datetime]:
        """Put an answer before an adviser."""
        return self.drafts.queue(answer, self.profile.supervision.within_seconds(answer.topic))

    # for whoever checks

    def approve(self, draft: DraftAnswer, words: DraftWords, by: str) -> DraftAnswer:
        """Send a draft as it is. Raises DecidedAlreadyError, TooLateError."""
        parts = checked_parts(words.parts, draft.language, words.question, self.profile)
        return self.drafts.end(draft.id, Verdict(DraftStatus.APPROVED, by, parts), self.clock())

    def warned(self, text: str, words: DraftWords) -> Warned:
        """What an edited text says that the draft's passages do not."""
        hosts = self.profile.council.allowed_link_hosts
        return warnings_of(text, words.parts, words.passages, hosts, words.question)

    def edit(
        self, draft: DraftAnswer, words: DraftWords, by: str, text: str, code: str, *, ticked: bool = False, why: str = ""
    ) -> DraftAnswer:
        """Send a draft with an adviser's text. Raises RefusedError without a code of the council's, or for what may not be sent so."""
        reasons = self.profile.supervision.codes("edit")
        before = answer_text(words.parts)
        if code not in reasons:
            raise RefusedError(f"choose why it was edited: {', '.join(reasons)}.")
        if not text.strip():
            raise RefusedError("an edited answer needs words; reject the draft if nothing of it can be said.")
        if text.strip() == before.strip():
            raise RefusedError("nothing was changed; approve the draft as it is.")
        warned = self.warned(text, words)
        if warned.links:
            raise RefusedError(f"links that the council does not allow cannot be sent: {', '.join(warned.links)}.")
        if warned.unsupported and not (ticked and why.strip()):
            raise RefusedError("figures that stand in no cited page need a tick and a reason.")
        parts = checked_parts(edited_parts(words.parts, text), draft.language, words.question, self.profile)
        note = f"Sent although no cited page says it: {'; '.join(warned.unsupported)}. {why.strip()}" if warned.unsupported else ""
        verdict = Verdict(
            DraftStatus.EDITED, by, parts, code, reasons[code].safety, edit_distance(before, text), len(warned.unsupported), note
        )  # fmt: skip
        return self.drafts.end(draft.id, verdict, self.clock())

    def reject(self, draft: DraftAnswer, words: DraftWords, by: str, code: str, note: str = "") -> DraftAnswer:
        """Do not send it; a person helps the resident instead, who is told so. `note` is for that person. Raises RefusedError."""
        reasons = self.profile.supervision.codes("reject")
        if code not in reasons:
            raise RefusedError(f"choose why it was rejected: {', '.join(reasons)}.")
        verdict = Verdict(DraftStatus.REJECTED, by, reason=code, safety=reasons[code].safety, note=note.strip())
        now = self.clock()
        return self.drafts.end(
            draft.id, verdict, now, self._pass_on(draft, words.question, "supervised.rejected", Reason.DRAFT_REJECTED, now)
        )

    # for the ticker

    def tick(self, now: datetime | None = None) -> int:
        """Pass on to a person what nobody checked in time, and end what a person has taken over anyway; how many.

        Any number of processes may call it at once and at any time: each draft ends once.
        """
        now = now or self.clock()
        ended = 0
        for draft in self.drafts.due(now):
            try:
                question = self.drafts.words(draft).question
            except NotFoundError:
                question = ""  # erased: the conversation is closed, so the resident is told nothing
            pass_on = self._pass_on(draft, question, "supervised.timed_out", Reason.NOT_CHECKED_IN_TIME, now)
            try:
                ended += self.drafts.end(draft.id, Verdict(DraftStatus.TIMED_OUT), now, pass_on).status != DraftStatus.WAITING
            except DecidedAlreadyError:
                continue  # somebody was quicker
        return ended

    def _pass_on(self, draft: DraftAnswer, question: str, wording: str, reason: Reason, now: datetime) -> PassOn:
        known = self.profile.handoffs.queues  # the council may have taken a queue out while the draft waited
        queue = draft.queue if draft.queue in known else self.profile.handoffs.default_queue
        live, urgent = self.desk.present(queue, now) > 0, known[queue].urgent
        passed = PassedOn(wording, draft.language, question, queue, live, now)
        more = Request(lane_of("", False, urgent), draft.language, draft.service, live)
        return PassOn(reason, queue, more, urgent, lambda reference: passed_on_parts(passed, reference, self.profile))

    # for the switchboard

    def rules(self) -> dict[Topic, TopicRule]:
        """Every topic that the files or the rules name, that staff ever set, or that can be meant: all services and what is listed of signals."""
        listed, history = self.profile.supervision.listed(), self.settings.everything()
        default = effective(rule_of(self.profile, EVERYTHING), history.get(EVERYTHING, TopicHistory()))
        topics = [EVERYTHING, *(Topic(TopicKind.SERVICE, key) for key in self.profile.services), *listed, *history]
        return {topic: rule_of(self.profile, topic, default) for topic in dict.fromkeys(topics)}

    def rule(self, topic: Topic) -> TopicRule:
        """The rule of one topic. Raises RefusedError for what is no topic here."""
        category = topic.kind == TopicKind.CATEGORY and topic.key in set(Category)
        rules = self.rules()
        if topic not in rules and not category:
            raise RefusedError(f"`{topic.name}` is no topic here: write `service:KEY`, `category:KEY` or `everything`.")
        return rules.get(topic) or rule_of(self.profile, topic)

    def evidence(self) -> dict[Topic, Evidence]:
        """What the bar's period shows, for each topic with anything to show."""
        since = self.evidence_from()
        drafts: dict[Topic, list[DraftAnswer]] = {}
        for draft in self.drafts.ended_since(since):
            drafts.setdefault(draft.topic, []).append(draft)
        misses, complaints, safety = self.troubles.misses(since), self.troubles.complaints(since), self.drafts.safety_since(since)
        return {
            topic: evidence_of(drafts.get(topic, []), since, safety.get(topic.name, 0), misses[topic], complaints[topic])
            for topic in {*drafts, *misses, *complaints}
        }

    def evidence_of(self, topic: Topic) -> Evidence:
        """The same for one topic."""
        since, troubles = self.evidence_from(), self.troubles
        safety = self.drafts.safety_since(since).get(topic.name, 0)
        ended = self.drafts.ended_since(since, topic)
        return evidence_of(ended, since, safety, troubles.misses(since)[topic], troubles.complaints(since)[topic])

    def evidence_from(self) -> datetime:
        """When the bar's period began."""
        return self.clock() - timedelta(days=self.profile.supervision.bar.days)


def modes_of(profile: CouncilProfile, settings: SupervisionStore) -> Modes:
    """What the files, the rules and staff say together."""
    set_modes = settings.modes()
    everything = {EVERYTHING: rule_of(profile, EVERYTHING)}
    default = all_effective(everything, set_modes)[EVERYTHING]
    topics = {*profile.supervision.listed(), *(Topic(TopicKind.SERVICE, key) for key in only_approved(profile.pack)), *set_modes}
    rules = {topic: rule_of(profile, topic, default) for topic in topics}
    return Modes(default, all_effective(rules, set_modes))


def open_supervised(
    database: Database,
    keys: KeyRing,
    profile: CouncilProfile,
    people: PeopleStore,
    desk: Desk,
    clock: Clock,
    seconds: float = 1.0,
) -> Supervised:
    """Supervised answers over a database. `seconds` is how long a process may know the modes of before."""
    settings = SupervisionStore(database, profile.slug, new_id, clock)
    drafts = DraftStore(database, keys, people, profile.slug, new_id)
    watched = WatchedModes(lambda: modes_of(profile, settings), time.monotonic, seconds)
    return Supervised(profile, drafts, settings, TroubleReader(database, profile.slug), desk, clock, watched)


def stricter_modes(mode: Mode) -> list[Mode]:
    """What a topic may be tightened to, the next stricter first."""
    order = list(reversed(Mode))
    return order[order.index(mode) + 1 :]

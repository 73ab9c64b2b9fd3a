"""Making a topic stricter at once, and freer only on evidence: a bar that the council wrote down, and a second person who sees the same figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Final

from guildhall.answers.supervision import Bar, TopicRule
from guildhall.storage.supervision import SupervisionStore, checked
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.shares import Share
from guildhall.vocabulary.supervision import (
    DECIDED,
    LEAST_REASON,
    MODE_LABELS,
    DraftAnswer,
    DraftStatus,
    Mode,
    Setting,
    SettingAction,
    Topic,
    TopicHistory,
    is_stricter,
)

MAY_SET: Final = frozenset({Role.SUPERVISOR, Role.SERVICE_MANAGER, Role.SAFEGUARDING_LEAD})
READABLE_WORDS_A_SECOND: Final = 10.0
"""Nobody reads faster than this; an approval that was quicker was not a check. Careful reading is about four."""
NEXT_FREER: Final = {
    Mode.APPROVED_TEXT_ONLY: Mode.ADVISER_APPROVES_DRAFT,
    Mode.ADVISER_APPROVES_DRAFT: Mode.FREE_WITH_EVIDENCE,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a period shows of one topic. `safety` are edits and rejections whose reason concerns safety."""

    since: datetime
    approved: int = 0
    edited: int = 0
    rejected: int = 0
    timed_out: int = 0
    overtaken: int = 0
    safety: int = 0
    misses: int = 0
    complaints: int = 0
    median_seconds: float | None = None
    unread: int = 0
    """Approved more quickly than anybody can read."""

    @property
    def decided(self) -> int:
        """How many drafts a person decided."""
        return self.approved + self.edited + self.rejected

    def portion(self, hits: int) -> Share:
        """Of those that were decided."""
        return Share(hits, self.decided)

    def as_json(self) -> dict[str, object]:
        """The figures as they are recorded with a change."""
        interval = self.portion(self.approved).interval
        return {
            "since": self.since.isoformat(), "decided": self.decided, "approved": self.approved, "edited": self.edited,
            "rejected": self.rejected, "timed_out": self.timed_out, "overtaken": self.overtaken, "safety": self.safety,
            "misses": self.misses, "complaints": self.complaints, "median_seconds": self.median_seconds, "unread": self.unread,
            "approved_low": round(interval[0], 4) if interval else None, "approved_high": round(interval[1], 4) if interval else None,
        }  # fmt: skip


def evidence_of(drafts: Sequence[DraftAnswer], since: datetime, safety: int = 0, misses: int = 0, complaints: int = 0) -> Evidence:
    """The figures of one topic's drafts."""
    count = {status: sum(draft.status == status for draft in drafts) for status in DraftStatus}
    times = [draft.seconds for draft in drafts if draft.status in DECIDED and draft.seconds is not None]
    return Evidence(
        since=since,
        approved=count[DraftStatus.APPROVED],
        edited=count[DraftStatus.EDITED],
        rejected=count[DraftStatus.REJECTED],
        timed_out=count[DraftStatus.TIMED_OUT],
        overtaken=count[DraftStatus.OVERTAKEN],
        safety=safety,
        misses=misses,
        complaints=complaints,
        median_seconds=round(median(times), 1) if times else None,
        unread=sum(not was_read(draft) for draft in drafts if draft.status == DraftStatus.APPROVED),
    )


def was_read(draft: DraftAnswer) -> bool:
    """Whether there was time to read it before it was decided."""
    return draft.seconds is not None and draft.seconds * READABLE_WORDS_A_SECOND >= draft.words


def missing(evidence: Evidence, bar: Bar, to: Mode) -> list[str]:
    """What the evidence lacks before a topic may be loosened to a mode; nothing when the bar is met."""
    counted = (
        ("edited or rejected for a reason that concerns safety", evidence.safety, 0),
        ("misses found", evidence.misses, bar.misses_at_most),
        ("complaints", evidence.complaints, bar.complaints_at_most),
    )
    found = [f"{what} in the period: {count}, and at most {most} is allowed" for what, count, most in counted if count > most]
    if to != Mode.FREE_WITH_EVIDENCE:  # an adviser still sees every answer, and no draft was decided while there were none
        return found
    read = evidence.decided - evidence.unread
    if read < bar.decided:
        unread = f" ({evidence.unread} more were approved too quickly to have been read)" if evidence.unread else ""
        found.insert(0, f"{read} of the {bar.decided} decided drafts that are needed{unread}")
    low = Share(evidence.approved - evidence.unread, read).low
    if low < bar.approved_unedited_low:
        found.insert(1, f"the share approved unedited is surely no more than {low:.2f}, and {bar.approved_unedited_low:g} is needed")
    return found


@dataclass(frozen=True)
class Supervision:
    """Changes of topics' modes. `rules` are what the council's files and its policy say of each topic."""

    store: SupervisionStore
    bar: Bar

    def tighten(self, topic: Topic, rule: TopicRule, mode: Mode, reason: str, by: str) -> Setting:
        """Make a topic stricter, at once. Raises RefusedError when it is that strict already."""
        reason, by = checked(reason, by, LEAST_REASON)

        def check(history: TopicHistory) -> None:
            now = effective(rule, history)
            if not is_stricter(mode, now):
                raise RefusedError(f"{topic.name} is `{now.value}` now, which is not looser than `{mode.value}`; nothing to tighten.")

        return self.store.add(topic, SettingAction.TIGHTENED, mode, reason, by, check)

    def propose(self, topic: Topic, rule: TopicRule, reason: str, by: str, evidence: Evidence) -> Setting:
        """Propose to loosen a topic by one step. Raises RefusedError when the files or the rules forbid it, or the bar is not met."""
        reason, by = checked(reason, by, LEAST_REASON)
        to = NEXT_FREER.get(effective(rule, self.store.of(topic)), Mode.FREE_WITH_EVIDENCE)

        def check(history: TopicHistory) -> None:
            self._may_loosen(topic, rule, history, to, evidence)
            if history.proposed:
                raise RefusedError(f"somebody has proposed to loosen {topic.name} already; a second person agrees to that, or refuses it.")

        return self.store.add(topic, SettingAction.PROPOSED, to, reason, by, check, evidence.as_json())

    def agree(self, topic: Topic, rule: TopicRule, reason: str, by: str, evidence: Evidence) -> Setting:
        """Loosen a topic as a colleague proposed, on figures of this moment. Raises RefusedError: none is proposed, it is one's own, or the bar is missed."""
        reason, by = checked(reason, by, LEAST_REASON)
        proposed = self.store.of(topic).proposed
        if proposed is None:
            raise RefusedError(f"nobody has proposed to loosen {topic.name}.")

        def check(history: TopicHistory) -> None:
            if history.proposed is None or history.proposed.number != proposed.number:
                raise RefusedError(f"the proposal for {topic.name} is not open any more.")
            if history.proposed.by == by:
                raise RefusedError("you proposed this yourself; a second person has to look at the figures.")
            self._may_loosen(topic, rule, history, proposed.mode, evidence)

        return self.store.add(topic, SettingAction.LOOSENED, proposed.mode, reason, by, check, evidence.as_json(), proposed.number)

    def refuse(self, topic: Topic, reason: str, by: str) -> Setting:
        """Refuse a proposal, or take one's own back. Raises RefusedError when there is none."""
        reason, by = checked(reason, by, LEAST_REASON)

        def check(history: TopicHistory) -> None:
            if history.proposed is None:
                raise RefusedError(f"nobody has proposed to loosen {topic.name}.")

        proposed = self.store.of(topic).proposed
        mode = proposed.mode if proposed else Mode.FREE_WITH_EVIDENCE
        return self.store.add(topic, SettingAction.REFUSED, mode, reason, by, check, proposal=proposed.number if proposed else 0)

    def _may_loosen(self, topic: Topic, rule: TopicRule, history: TopicHistory, to: Mode, evidence: Evidence) -> None:
        now = effective(rule, history)
        if not is_stricter(now, to):
            raise RefusedError(f"{topic.name} is `{now.value}` now, which is no stricter than `{to.value}`.")
        if is_stricter(rule.floor, to):
            why = f" ({rule.why})" if rule.why else ""
            raise RefusedError(f"the council's files and rules allow {topic.name} no more than “{MODE_LABELS[rule.floor][0]}”{why}.")
        if lacks := missing(evidence, self.bar, to):
            raise RefusedError(f"the evidence does not meet the bar: {'; '.join(lacks)}.")


def effective(rule: TopicRule, history: TopicHistory) -> Mode:
    """How a topic is answered: as staff set it last, or as the files begin; never freer than the files and rules allow."""
    chosen = history.set.mode if history.set else rule.mode
    return rule.floor if is_stricter(rule.floor, chosen) else chosen


def all_effective(rules: Mapping[Topic, TopicRule], set_modes: Mapping[Topic, Mode]) -> dict[Topic, Mode]:
    """The same for every topic that is listed or was set."""
    return {
        topic: rule.floor if is_stricter(rule.floor, chosen := set_modes.get(topic, rule.mode)) else chosen
        for topic, rule in rules.items()
    }  # fmt: skip

"""Supervised answers: how freely the assistant may answer each topic, and the drafts that an adviser checks first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from guildhall.vocabulary.ids import ServiceKey

LEAST_REASON: Final = 10


class Mode(StrEnum):
    """How the assistant may answer a topic, from the strictest to the freest."""

    APPROVED_TEXT_ONLY = "approved_text_only"
    """The council's approved text, or a person. Nothing is composed."""
    ADVISER_APPROVES_DRAFT = "adviser_approves_draft"
    """An answer is composed and verified as always, and an adviser sees it before the resident does."""
    FREE_WITH_EVIDENCE = "free_with_evidence"
    """Composed, verified against the council's pages, and said at once."""


STRICTNESS: Final[dict[Mode, int]] = {mode: rank for rank, mode in enumerate(reversed(Mode))}
MODE_LABELS: Final[dict[Mode, tuple[str, str]]] = {
    Mode.APPROVED_TEXT_ONLY: ("Approved text only", "Residents get the council's approved text, or a person. Nothing is composed."),
    Mode.ADVISER_APPROVES_DRAFT: ("An adviser approves", "An adviser sees every answer before the resident does."),
    Mode.FREE_WITH_EVIDENCE: ("Free with evidence", "Answers that the council's own pages support go out at once."),
}


def is_stricter(mode: Mode, than: Mode) -> bool:
    """Whether a mode protects more than another."""
    return STRICTNESS[mode] > STRICTNESS[than]


class TopicKind(StrEnum):
    """What a topic is."""

    SERVICE = "service"
    """A service of the catalogue, by key."""
    CATEGORY = "category"
    """A category of signal heard in the turn."""
    EVERYTHING = "everything"
    """Whatever has no setting of its own."""


@dataclass(frozen=True, slots=True, order=True)
class Topic:
    """What a mode is set for."""

    kind: TopicKind
    key: str = ""

    @property
    def name(self) -> str:
        """Kind and key, as the record and commands have them."""
        return f"{self.kind.value}:{self.key}" if self.key else self.kind.value

    @classmethod
    def parse(cls, name: str) -> "Topic | None":
        """The topic of a name; None for what names none."""
        kind, _, key = name.partition(":")
        return cls(TopicKind(kind), key) if kind in set(TopicKind) and bool(key) != (kind == TopicKind.EVERYTHING) else None


EVERYTHING: Final = Topic(TopicKind.EVERYTHING)


@dataclass(frozen=True, slots=True)
class Modes:
    """How everything may be answered at one moment. Topics that are not listed have the default; categories that are not listed ask nothing."""

    default: Mode = Mode.FREE_WITH_EVIDENCE
    by_topic: Mapping[Topic, Mode] = field(default_factory=dict)

    def of(self, topic: Topic) -> Mode:
        """The mode of one topic."""
        free = Mode.FREE_WITH_EVIDENCE if topic.kind == TopicKind.CATEGORY else self.default
        return self.by_topic.get(topic, free)

    def of_question(self, service: ServiceKey | None, categories: Iterable[str]) -> tuple[Mode, Topic]:
        """The strictest of the service that is meant and of what was heard, and the topic that asks for it."""
        service_topic = Topic(TopicKind.SERVICE, service) if service else EVERYTHING
        asked = [(self.of(topic), topic) for topic in (service_topic, *(Topic(TopicKind.CATEGORY, key) for key in categories))]
        return max(asked, key=lambda pair: STRICTNESS[pair[0]])

    def of_passage(self, services: Iterable[ServiceKey]) -> tuple[Mode, Topic]:
        """The freest of the services that a passage is about: a page for two topics serves either."""
        topics = [Topic(TopicKind.SERVICE, service) for service in services] or [EVERYTHING]
        return min(((self.of(topic), topic) for topic in topics), key=lambda pair: STRICTNESS[pair[0]])


class DraftStatus(StrEnum):
    """What became of a drafted answer."""

    WAITING = "waiting"
    APPROVED = "approved"
    EDITED = "edited"
    REJECTED = "rejected"
    TIMED_OUT = "timed_out"
    OVERTAKEN = "overtaken"


DRAFT_LABELS: Final[dict[DraftStatus, tuple[str, str]]] = {
    DraftStatus.WAITING: ("Waits", "An adviser has still to check it."),
    DraftStatus.APPROVED: ("Approved", "An adviser sent it to the resident as it was drafted."),
    DraftStatus.EDITED: ("Edited", "An adviser changed it and sent it to the resident."),
    DraftStatus.REJECTED: ("Rejected", "An adviser did not send it; a person helps the resident instead."),
    DraftStatus.TIMED_OUT: ("Not checked in time", "Nobody checked it in time; a person helps the resident instead."),
    DraftStatus.OVERTAKEN: ("Overtaken", "A person had the conversation before it was checked, so nothing was sent."),
}
SENT: Final = (DraftStatus.APPROVED, DraftStatus.EDITED)
DECIDED: Final = (*SENT, DraftStatus.REJECTED)
"""What a person decided. The rest ended without a decision and says nothing about how good the drafts are."""


@dataclass(frozen=True, slots=True)
class DraftAnswer:
    """One drafted answer as it stands, without its words. `until` is when it falls to a person."""

    id: str
    conversation_id: str
    turn_id: str
    topic: Topic
    service: str
    queue: str
    language: str
    composer: str
    words: int
    status: DraftStatus
    queued_at: datetime
    until: datetime
    decided_at: datetime | None = None
    decided_by: str = ""
    reason: str = ""
    seconds: float | None = None
    """From when whoever decided it first opened it."""
    edit_distance: int = 0
    warnings: int = 0
    """Unsupported figures that were sent all the same, each ticked."""
    reference: str = ""
    """Of the request for a person that came of it."""


@dataclass(frozen=True, slots=True)
class Supervised:
    """What supervision did with one question of a turn, for the record: topic, mode, and what came of it."""

    topic: str
    mode: Mode
    came: str
    """`approved_text`, `draft`, `person`, or empty where there was nothing to say."""
    draft: str = ""


class SettingAction(StrEnum):
    """What was done to a topic's mode."""

    TIGHTENED = "tightened"
    PROPOSED = "proposed"
    LOOSENED = "loosened"
    REFUSED = "refused"


SETTING_LABELS: Final[dict[SettingAction, tuple[str, str]]] = {
    SettingAction.TIGHTENED: ("Tightened", "One person made it stricter, at once."),
    SettingAction.PROPOSED: ("Loosening proposed", "Somebody proposed to loosen it, on the figures kept with the proposal."),
    SettingAction.LOOSENED: ("Loosened", "A second person agreed that the figures meet the bar."),
    SettingAction.REFUSED: ("Proposal refused", "A proposal to loosen it was refused or taken back."),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One change of a topic's mode, kept for ever. `evidence` are the figures it was made on."""

    number: int
    topic: Topic
    action: SettingAction
    mode: Mode
    reason: str
    by: str
    at: datetime
    evidence: Mapping[str, object] = field(default_factory=dict)
    proposal: int = 0


@dataclass(frozen=True, slots=True)
class TopicHistory:
    """Where one topic stands by what staff set: its last mode, if it was ever set, and a proposal that waits for a second person."""

    set: Setting | None = None
    proposed: Setting | None = None

    @classmethod
    def of(cls, settings: Iterable[Setting]) -> Self:
        """From all changes of one topic, the oldest first."""
        last: Setting | None = None
        proposed: Setting | None = None
        for setting in settings:
            proposed = setting if setting.action == SettingAction.PROPOSED else None
            last = setting if setting.action in (SettingAction.TIGHTENED, SettingAction.LOOSENED) else last
        return cls(last, proposed)

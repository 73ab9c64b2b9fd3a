"""Supervision: how freely each topic may be answered, who set it, and beside each switch the evidence for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from guildhall.answers.supervision import TopicRule
from guildhall.bootstrap.console import Console
from guildhall.bootstrap.supervised import Supervised, stricter_modes
from guildhall.governance.supervising import MAY_SET, NEXT_FREER, Evidence, effective, missing, was_read
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.roles import DESK_ROLES, GOVERNING_ROLES, Role
from guildhall.vocabulary.sentences import capitalised
from guildhall.vocabulary.shares import Share
from guildhall.vocabulary.supervision import (
    DECIDED,
    LEAST_REASON,
    MODE_LABELS,
    SETTING_LABELS,
    DraftStatus,
    Mode,
    Topic,
    TopicHistory,
    is_stricter,
)
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import EVERYONE, Group, Notice, Section
from guildhall.web.console.topics import SUPERVISION_PATH, topic_link, topic_name
from guildhall.web.console.visit import Visit

PATH: Final = SUPERVISION_PATH
SEES_NAMES: Final = GOVERNING_ROLES | {Role.SUPERVISOR}
"""Who sees how each adviser checks; advisers do not see each other's figures."""
DID: Final = {
    "tighten": "It is stricter now, in every process within a second.",
    "propose": "It is proposed. A second person has to look at the figures and agree.",
    "agree": "It is loosened now, in every process within a second. The figures are kept with it.",
    "refuse": "The proposal is gone.",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One topic as the page shows it."""

    topic: Topic
    name: str
    mode: Mode
    rule: TopicRule
    history: TopicHistory
    evidence: Evidence

    @property
    def link(self) -> str:
        """Its page."""
        return topic_link(self.topic)

    @property
    def to(self) -> Mode | None:
        """The next freer mode that the files and rules allow."""
        freer = NEXT_FREER.get(self.mode)
        return freer if freer and not is_stricter(self.rule.floor, freer) else None

    @property
    def shows(self) -> bool:
        """Whether there is anything to say of it."""
        return self.mode != Mode.FREE_WITH_EVIDENCE or bool(self.history.set or self.history.proposed or self.evidence.decided)


@dataclass(frozen=True, slots=True)
class Checker:
    """How one adviser checks: even when all figures of a topic are good, one person may wave everything through."""

    staff_id: str
    decided: int
    approved: Share
    median: float | None
    unread: int


def add_routes(routes: Routes) -> None:
    """`/console/supervision`, one topic, and what may be done to it."""

    @routes.reads(PATH)
    def everything(visit: Visit) -> Response:
        standings = _standings(visit.console)
        shown = [standing for standing in standings if standing.shows]
        order = {mode: place for place, mode in enumerate(Mode)}
        return visit.show(
            "supervision.html",
            rows=sorted(shown, key=lambda standing: (standing.history.proposed is None, order[standing.mode], standing.name.casefold())),
            others=sorted(((s.topic.name, s.name) for s in standings if not s.shows), key=lambda pair: pair[1].casefold()),
            checkers=_checkers(visit.console) if visit.may(SEES_NAMES) else [],
            **_common(visit),
        )

    @routes.reads(PATH + "/topic")
    def topic(visit: Visit) -> Response:
        standing = _standing(visit.console, visit.query.get("what", ""))
        return _topic(visit, standing) if standing else visit.missing("Topic")

    for way in DID:
        _add_way(routes, way)


def _add_way(routes: Routes, way: str) -> None:
    @routes.acts(f"{PATH}/{way}", MAY_SET, signing=way == "agree")
    def act(visit: Visit) -> Response:
        standing = _standing(visit.console, visit.form.get("what", ""))
        if standing is None:
            return visit.missing("Topic")
        try:
            _act(visit, way, standing)
        except RefusedError as error:
            return _topic(visit, standing, 400, (f"{way}-reason", capitalised(str(error))))
        return visit.go_to(f"{PATH}/topic", what=standing.topic.name, done=way)


def _act(visit: Visit, way: str, standing: Standing) -> None:
    supervised, topic, rule = _supervised(visit.console), standing.topic, standing.rule
    reason, by = visit.form.get("reason", ""), visit.member.id
    if way == "tighten":
        if visit.form.get("mode") not in set(Mode):
            raise RefusedError("choose what it is tightened to")
        supervised.changing.tighten(topic, rule, Mode(visit.form["mode"]), reason, by)
    elif way == "refuse":
        supervised.changing.refuse(topic, reason, by)
    else:
        change = supervised.changing.propose if way == "propose" else supervised.changing.agree
        change(topic, rule, reason, by, supervised.evidence_of(topic))


def _supervised(console: Console) -> Supervised:
    return console.guildhall.supervised


def _standings(console: Console) -> list[Standing]:
    supervised = _supervised(console)
    evidence, history = supervised.evidence(), supervised.settings.everything()
    nothing, never = Evidence(console.now()), TopicHistory()
    return [
        Standing(topic, topic_name(console, topic), effective(rule, past), rule, past, evidence.get(topic, nothing))
        for topic, rule in supervised.rules().items()
        for past in (history.get(topic, never),)
    ]


def _standing(console: Console, what: str) -> Standing | None:
    topic, supervised = Topic.parse(what), _supervised(console)
    if topic is None:
        return None
    try:
        rule = supervised.rule(topic)
    except RefusedError:
        return None
    past = supervised.settings.of(topic)
    return Standing(topic, topic_name(console, topic), effective(rule, past), rule, past, supervised.evidence_of(topic))


def _common(visit: Visit) -> dict[str, Any]:
    return {
        "modes": MODE_LABELS,
        "bar": _supervised(visit.console).changing.bar,
        "may_set": visit.may(MAY_SET),
        "least": LEAST_REASON,
    }


def _topic(visit: Visit, standing: Standing, status: int = 200, trouble: tuple[str, str] | None = None) -> Response:
    bar = _supervised(visit.console).changing.bar
    proposed = standing.history.proposed
    to = proposed.mode if proposed else standing.to
    return visit.show(
        "supervision_topic.html",
        status,
        it=standing,
        to=to,
        lacks=missing(standing.evidence, bar, to) if to else [],
        stricter=[(mode.value, *MODE_LABELS[mode]) for mode in stricter_modes(standing.mode)],
        settings=list(reversed(_supervised(visit.console).settings.history(standing.topic))),
        actions=SETTING_LABELS,
        own=bool(proposed and proposed.by == visit.member.id),
        did=DID.get(visit.query.get("done", "")) if status == 200 else None,
        trouble=trouble,
        **_common(visit),
    )


def _checkers(console: Console) -> list[Checker]:
    supervised = _supervised(console)
    found = [draft for draft in supervised.drafts.ended_since(supervised.evidence_from()) if draft.status in DECIDED]
    checkers = []
    for who in dict.fromkeys(draft.decided_by for draft in found):
        mine = [draft for draft in found if draft.decided_by == who]
        approved = [draft for draft in mine if draft.status == DraftStatus.APPROVED]
        times = sorted(draft.seconds for draft in mine if draft.seconds is not None)
        middle = times[len(times) // 2] if times else None
        unread = sum(not was_read(draft) for draft in approved)
        checkers.append(Checker(who, len(mine), Share(len(approved), len(mine)), middle, unread))
    return sorted(checkers, key=lambda checker: -checker.decided)


def notices(console: Console) -> Sequence[Notice]:
    """Proposals that wait for a second person."""
    waiting = [topic for topic, history in _supervised(console).settings.everything().items() if history.proposed]
    return [Notice(f"A second person is needed to loosen: {topic_name(console, topic)}", topic_link(topic)) for topic in waiting]


SECTION = Section(
    PATH, "Supervision", "How freely the assistant may answer each topic, with the evidence beside each switch.", Group.RULES, add_routes,
    readers=EVERYONE | DESK_ROLES, notices=notices,
)  # fmt: skip

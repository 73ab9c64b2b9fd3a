"""Changes of the rules: what is proposed and how far it has come, the rules in force, and what was in force before.

Nothing is signed here: keys stay with the people, and the page shows the command.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.governance.approving import HOLDS_FOR, OPEN, standing
from guildhall.governance.changes import open_change
from guildhall.governance.packs import SHORT, UnreadablePackError
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.governance import HOW_LABELS, PHASE_LABELS, Phase, Proposal
from guildhall.web.console.change_view import COMPARED_AT_MOST, PHASE_TAGS, SHOWN, view_of
from guildhall.web.console.listing import Listing
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import Group, Notice, Paper, Section
from guildhall.web.console.visit import Visit

PATH = "/console/changes"
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change in a list: whose signature it waits for, or why it cannot be read."""

    proposal: Proposal
    missing: tuple[str, ...] = ()
    unreadable: str = ""

    @property
    def phase(self) -> tuple[str, str]:
        """How far it has come, in words."""
        return PHASE_LABELS[self.proposal.phase]

    @property
    def tag(self) -> str:
        """The colour of its phase."""
        return PHASE_TAGS[self.proposal.phase]


def add_routes(routes: Routes) -> None:
    """`/console/changes` and `/console/changes/{change}`."""

    @routes.reads(PATH)
    def changes(visit: Visit) -> Response:
        store = visit.console.office.store
        listing = Listing(PATH, visit.query, {})
        activations = store.activations()[::-1]
        return visit.show(
            "changes.html",
            listing=listing,
            rows=rows(visit.console),
            in_force=store.in_force(),
            rules=visit.console.rules,
            activations=activations[listing.offset : listing.offset + listing.per_page],
            count=len(activations),
            last=activations[0] if activations else None,
            how=HOW_LABELS,
            short=SHORT,
            members=store.members(),
        )

    @routes.reads(PATH + "/{change}")
    def one(visit: Visit) -> Response:
        office = visit.console.office
        try:
            proposal = office.store.proposal(visit.path("change"))
        except NotFoundError:
            return visit.missing("Change")
        try:
            view = view_of(open_change(office, proposal))
        except UnreadablePackError as error:
            return visit.show("change.html", row=ChangeRow(proposal, unreadable=str(error)), view=None, short=SHORT)
        values: dict[str, Any] = {"view": view, "short": SHORT, "shown": SHOWN, "compared": COMPARED_AT_MOST, "holds_for": HOLDS_FOR}
        return visit.show("change.html", row=ChangeRow(proposal), **values)


def rows(console: Console) -> list[ChangeRow]:
    """Every change, newest first; those that are open with what they wait for."""
    found = []
    for proposal in console.office.store.proposals():
        if proposal.phase not in OPEN:
            found.append(ChangeRow(proposal))
            continue
        try:
            missing = standing(open_change(console.office, proposal)).missing
            found.append(ChangeRow(proposal, tuple(need.label for need in missing)))
        except UnreadablePackError as error:
            found.append(ChangeRow(proposal, unreadable=str(error)))
    return found


def notices(console: Console) -> Sequence[Notice]:
    """Emergencies that lapse, signatures that are missing, changes that were rolled back lately; that there is no board."""
    if console.office.store.in_force() is None:
        return (Notice("Nobody is on the board yet, so whoever edits the files makes the rules", PATH),)
    found, now = [], console.now()
    for row in rows(console):
        proposal, href = row.proposal, f"{PATH}/{row.proposal.id}"
        if row.unreadable:
            found.append(Notice(f"{proposal.id} cannot be read: {row.unreadable}", href, urgent=True))
        elif proposal.phase == Phase.EMERGENCY and proposal.lapses_at:
            found.append(
                Notice(
                    f"An emergency rule lapses in {_hours(proposal.lapses_at - now)} unless it is ratified: {proposal.id}",
                    href,
                    urgent=True,
                )
            )
        elif proposal.phase == Phase.CANARY:
            found.append(Notice(f"{proposal.id} is being tried on {proposal.share}% of new conversations", href))
        elif proposal.phase in OPEN and row.missing:
            found.append(Notice(f"{proposal.id} waits for the signature of the {' and of the '.join(row.missing)}", href))
        elif proposal.phase == Phase.ROLLED_BACK and now - proposal.phase_since < WEEK:
            found.append(Notice(f"{proposal.id} was rolled back", href))
    return found


def _hours(left: timedelta) -> str:
    hours = max(0, int(left.total_seconds() // 3600))
    return "under an hour" if hours < 1 else "1 hour" if hours == 1 else f"{hours} hours"


def paper(console: Console, since: datetime) -> Paper:
    """The rules in force, what came into force, and what is open."""
    activations = [activation for activation in console.office.store.activations()[::-1] if activation.at >= since]
    shown = [row for row in rows(console) if row.proposal.phase in OPEN or row.proposal.phase_since >= since]
    values = {"pack": console.rules.id, "activations": activations, "rows": shown, "how": HOW_LABELS, "short": SHORT}
    return Paper("changes.html", values | {"board": console.office.store.in_force() is not None})


SECTION = Section(
    PATH, "Changes", "What is proposed and how far it has come, the rules in force, and every time that they changed.", Group.RULES,
    add_routes, notices=notices, paper=paper, called_in_pack="Changes of the rules",
)  # fmt: skip

"""Activity: everything the council's side did, as it stands in the record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.storage.trail import OF_TURNS
from guildhall.vocabulary.events import EventKind
from guildhall.web.console.listing import Listing
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import Group, Paper, Section
from guildhall.web.console.visit import Visit
from guildhall.web.console.words import Words

PATH = "/console/activity"


def add_routes(routes: Routes) -> None:
    """`/console/activity`."""

    @routes.reads(PATH)
    def activity(visit: Visit) -> Response:
        listing = Listing(PATH, visit.query, {})
        kind = visit.query.get("kind", "")
        kind = kind if kind in set(EventKind) else ""
        events = visit.console.trail.of_council(kind, None, listing.per_page, listing.offset)
        names = visit.console.door.staff.names()
        return visit.show(
            "activity.html",
            listing=listing,
            kind=kind,
            kinds=[(code, name) for code, name in visit.words.event_kinds if EventKind(code) not in OF_TURNS],
            events=events,
            count=visit.console.trail.count_of_council(kind, None),
            names=names,
            told={event.id: facts_in_words(event.facts, visit.words, names) for event in events},
        )


FACT_NAMES = {"strong": "more than one factor", "source": "from", "why": "because", "before": "roles before", "after": "roles after"}


def facts_in_words(facts: Mapping[str, Any], words: Words, names: Mapping[str, str]) -> str:
    """What an event says beside who did it, as one line."""

    def value(fact: Any) -> str:
        if isinstance(fact, bool):
            return "yes" if fact else "no"
        if isinstance(fact, list | tuple):
            return ", ".join(value(item) for item in fact)
        if isinstance(fact, Mapping):
            return ", ".join(f"{key}: {value(item)}" for key, item in fact.items())
        text = names.get(str(fact), str(fact))
        label = words.label(text) if "_" in text or text.islower() else text
        return label[:1].lower() + label[1:] if label != text else text

    told = {FACT_NAMES.get(key, key.replace("_", " ")): fact for key, fact in facts.items() if key != "by" and fact not in ("", None, [])}
    return "; ".join(f"{key}: {value(fact)}" for key, fact in told.items())


def paper(console: Console, since: datetime) -> Paper:
    """How often each thing was done."""
    return Paper("activity.html", {"kinds": console.trail.kinds_of_council(since)})


SECTION = Section(
    PATH, "Activity", "Who signed in, who looked at what and why, and what was changed, straight from the record.", Group.PROOF,
    add_routes, paper=paper,
)  # fmt: skip

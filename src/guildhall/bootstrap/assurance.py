"""Collects what is live for the assurance papers, so that the room that drafts them stays pure.

Parts of the system that report here later (the log's verification, switches, fairness, rights, retention, proposals, the red team) are
added to `REPORTERS`, or hand their facts in through `more`; until they do, `LATER` says which question is open, and papers show it so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url

from guildhall.assurance.answers import answered
from guildhall.assurance.duties import matrix, summary
from guildhall.assurance.facts import Fact, Known, Missing, Source, SourceKind
from guildhall.assurance.figures import figure_facts, figure_tables
from guildhall.assurance.keeping import digest_of
from guildhall.assurance.live import Live
from guildhall.assurance.papers import Paper
from guildhall.assurance.shelf import Shelf, pinned, read_shelf
from guildhall.assurance.tables import risk_register, rule_register
from guildhall.bootstrap.evidence import Evidence
from guildhall.bootstrap.identifiers import Clock, new_id
from guildhall.bootstrap.keys import open_keys
from guildhall.bootstrap.live_facts import council_facts, deployment_facts, pack_facts, product_facts, result_facts
from guildhall.bootstrap.model_cards import loaded_models
from guildhall.bootstrap.understanding import bound_of, router_files
from guildhall.councils.loading import load_council
from guildhall.councils.profile import CouncilProfile
from guildhall.councils.yaml_files import YamlReader
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.figures import FiguresStore
from guildhall.storage.record import Record
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.figures import Figures
from guildhall.vocabulary.ids import EventId

PERIOD: Final = timedelta(days=90)
LATER: Final[dict[str, Missing]] = {
    "log.verified": Missing("Does the record verify, and when did a witness last cosign it?", "the log, when it reports here"),
    "switches.off": Missing("Which kill switches are off now?", "the switches, when they report here"),
    "switches.drilled": Missing("When was a kill switch last drilled, and how long did it take?", "the switches, when they report here"),
    "fairness.worst": Missing(
        "What is the worst gap between ways of asking, and in which slice?", "the fairness probes, when they report here"
    ),
    "redteam.result": Missing("How did the last red-team run end?", "the red team, when it reports here"),
    "rights.open": Missing(
        "Which rights requests and complaints are open, and how do their clocks stand?", "rights, when they report here"
    ),
    "retention.schedules": Missing("How long is each class of data kept, and what is on hold?", "retention, when it reports here"),
    "proposals.recent": Missing(
        "Which rule changes were proposed, signed and activated lately?", "the life of a rule, when it reports here"
    ),
}
"""What other parts of the system will be able to say. Each name is overruled by a Fact of the same name in `more`."""


Reporter = Callable[[Settings, str, datetime], Mapping[str, Known]]
REPORTERS: Final[tuple[Reporter, ...]] = ()
"""Parts of the system that report to the papers: each is given the settings, the council and the moment, and answers names of `LATER`."""


@dataclass(frozen=True)
class Desk:
    """What papers are drafted from, and where they are looked up."""

    live: Live
    shelf: Shelf
    evidence: Evidence


def open_desk(settings: Settings, council: str = "", more: Mapping[str, Known] | None = None, now: datetime | None = None) -> Desk:
    """Everything live, collected without opening a model. Raises ConfigurationError for the first thing wrong in the files."""
    slug = council or settings.council
    cache = settings.data_dir / "cache" / "yaml"
    profile = load_council(settings.councils_dir, slug, cache)
    shelf = pinned(read_shelf(settings.councils_dir, slug, YamlReader(cache)), {rule.id: rule.version for rule in profile.pack.rules})
    evidence = Evidence(settings, profile.pack)
    moment = now or Clock(settings.today)()
    figures = _figures(settings, slug, moment)
    told = {name: known for report in REPORTERS for name, known in report(settings, slug, moment).items()}
    return Desk(_live(settings, profile, shelf, evidence, figures, moment, told | dict(more or {})), shelf, evidence)


def _live(
    settings: Settings,
    profile: CouncilProfile,
    shelf: Shelf,
    evidence: Evidence,
    figures: Figures | None,
    moment: datetime,
    more: dict[str, Known],
) -> Live:
    today = moment.astimezone(profile.calendar.zone).date()
    duties = matrix(shelf.duties, profile.pack.rules, evidence.resolves)
    models = loaded_models(shelf.models, settings, evidence, figures, _places(settings, profile))
    named = Fact([model.name for model in models], Source(SourceKind.FILE, "councils/_baseline/assurance/models.yaml"))
    facts: dict[str, Known] = {
        **council_facts(profile, shelf.folder, evidence),
        **pack_facts(profile.pack, today),
        **deployment_facts(settings),
        **product_facts(evidence),
        **result_facts(evidence.results),
        **figure_facts(figures),
        **answered(shelf),
        "models.names": named,
        "duties.summary": summary(duties),
        **LATER,
        **more,
    }
    tables = {
        "duties": duties,
        "rules": rule_register(profile.pack.rules, today),
        "risks": risk_register(shelf.risks, shelf.council.risks, shelf.folder, evidence.resolves),
        **figure_tables(figures),
    }
    pack = Fact(profile.pack.id, Source(SourceKind.PACK, profile.pack.id))
    return Live(profile.council.name, profile.slug, moment, pack, facts, tables, models, shelf.statements, shelf.forms)


def _places(settings: Settings, profile: CouncilProfile) -> dict[str, str]:
    """What stands in the paths of models.yaml for this council."""
    services = tuple(profile.services.values())
    _, kept = router_files(settings, services, profile.slug, bound_of(profile.council.misdirection))
    shipped, made = kept
    router = f"councils/{profile.slug}/models/{shipped.name}" if shipped.exists() else str(made)
    return {"slug": profile.slug, "router": router}


def _figures(settings: Settings, slug: str, moment: datetime) -> Figures | None:
    database = existing_database(settings)
    if database is None:
        return None
    try:
        store = FiguresStore(database, slug)
        return store.between(moment - PERIOD, moment + timedelta(seconds=1)) if store.ready else None
    finally:
        database.close()


def existing_database(settings: Settings) -> Database | None:
    """The deployment's database, if there is one; none is made for the sake of a paper."""
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).exists()):
        return None
    return Database(settings.database)


def note_drafted(settings: Settings, papers: list[Paper]) -> bool:
    """Record that papers were drafted, each with its digest; whether there was a record to write to."""
    database = existing_database(settings)
    if database is None:
        return False
    try:
        if not FiguresStore(database, "").ready:
            return False
        record = Record(database, open_keys(settings, database))
        record.append([drafted_event(paper) for paper in papers])
        return True
    finally:
        database.close()


def drafted_event(paper: Paper) -> Event:
    """That a paper was drafted: which, from which pack, and how full it was."""
    counts = paper.counts
    facts = {
        "paper": paper.kind.value,
        "council": paper.slug,
        "digest": digest_of(paper),
        "pack": str(paper.pack.value),
        "standard": f"{paper.standard.name} {paper.standard.version}",
        "fields": counts.fields,
        "filled": counts.filled,
        "to_confirm": counts.to_confirm,
    }
    return Event(EventId(new_id("event")), EventKind.PAPER_DRAFTED, paper.drafted_at, facts=facts)

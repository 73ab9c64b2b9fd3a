"""Collects what is live for the assurance papers, so that the room that drafts them stays pure.

What the parts of the system say of themselves (the log, switches, fairness, rights, retention, rule changes, the red team) comes from
`bootstrap/reporters.py`; where they have nothing to say, `LATER` says which question is open, and papers show it so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url

from guildhall.assurance.answers import answered
from guildhall.assurance.config import PaperKind
from guildhall.assurance.duties import matrix, summary
from guildhall.assurance.facts import Fact, Known, Missing, Source, SourceKind
from guildhall.assurance.figures import figure_facts, figure_tables
from guildhall.assurance.keeping import KeptPaper, digest_of, kept
from guildhall.assurance.live import Live
from guildhall.assurance.papers import Paper
from guildhall.assurance.shelf import Shelf, pinned, read_shelf
from guildhall.assurance.tables import risk_register, rule_register
from guildhall.bootstrap.evidence import Evidence
from guildhall.bootstrap.identifiers import Clock, new_id
from guildhall.bootstrap.keys import open_keys
from guildhall.bootstrap.live_facts import council_facts, deployment_facts, pack_facts, product_facts, result_facts
from guildhall.bootstrap.model_cards import loaded_models
from guildhall.bootstrap.reporters import Reporting, reported, reported_by_files
from guildhall.bootstrap.understanding import bound_of, router_files
from guildhall.councils.loading import load_council
from guildhall.councils.profile import CouncilProfile
from guildhall.councils.yaml_files import YamlReader
from guildhall.governance.packs import Packs
from guildhall.policy.packs import Pack
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.figures import FiguresStore
from guildhall.storage.governance import GovernanceStore
from guildhall.storage.keys import KeyRing
from guildhall.storage.migrating import is_current
from guildhall.storage.record import Record
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.figures import Figures
from guildhall.vocabulary.ids import EventId

PERIOD: Final = timedelta(days=90)
NO_RECORD: Final = "whoever runs the service, once its database is set up"
LATER: Final[dict[str, Missing]] = {
    "log.verified": Missing("Does the record verify, and when did a witness last cosign it?", NO_RECORD),
    "switches.off": Missing("Which kill switches are off now?", NO_RECORD),
    "switches.drilled": Missing("When was a kill switch last drilled, and how long did it take?", NO_RECORD),
    "fairness.worst": Missing("What is the worst gap between ways of asking, and in which slice?", NO_RECORD),
    "redteam.result": Missing("How did the last red-team run end?", "whoever runs `python -m evals.redteam`"),
    "rights.open": Missing("Which rights requests and complaints are open, how do their clocks stand, and what is on hold?", NO_RECORD),
    "retention.schedules": Missing("How long is each class of data kept?", "the council, in retention.yaml"),
    "proposals.recent": Missing("Which rule changes were proposed, signed and activated lately?", NO_RECORD),
}
"""What parts of the system say once there is something to say. Each is overruled by what the part reports, and by a Fact in `more`."""


@dataclass(frozen=True)
class Desk:
    """What papers are drafted from, and where they are looked up."""

    live: Live
    shelf: Shelf
    evidence: Evidence


@dataclass(frozen=True)
class Stores:
    """The deployment's stores, open."""

    database: Database
    keys: KeyRing

    def pack(self, slug: str) -> Pack | None:
        """The rules that a council's board put in force; None while there is no board, and the folder's rules hold."""
        store = GovernanceStore(self.database, self.keys, slug, new_id)
        in_force = store.in_force()
        return Packs(store).get(in_force.active) if in_force else None


def open_desk(
    settings: Settings,
    council: str = "",
    more: Mapping[str, Known] | None = None,
    now: datetime | None = None,
    stores: Stores | None = None,
) -> Desk:
    """Everything live, collected without opening a model. Raises ConfigurationError for the first thing wrong in the files.

    `stores` is for a server that has its stores open; else what is there is opened, and nothing is made for the sake of a paper.
    """
    slug = council or settings.council
    if stores is not None:
        return _desk(settings, slug, more, now, stores)
    database = existing_database(settings)
    if database is None:
        return _desk(settings, slug, more, now, None)
    found = Stores(database, open_keys(settings, database)) if is_current(database) else None
    try:
        return _desk(settings, slug, more, now, found)
    finally:
        database.close()
        if found:
            found.keys.database.close()


def _desk(settings: Settings, slug: str, more: Mapping[str, Known] | None, now: datetime | None, stores: Stores | None) -> Desk:
    cache = settings.data_dir / "cache" / "yaml"
    profile = load_council(settings.councils_dir, slug, cache, stores.pack(slug) if stores else None)
    shelf = pinned(read_shelf(settings.councils_dir, slug, YamlReader(cache)), {rule.id: rule.version for rule in profile.pack.rules})
    evidence = Evidence(settings, profile.pack)
    moment = now or Clock(settings.today)()
    figures = FiguresStore(stores.database, slug).between(moment - PERIOD, moment + timedelta(seconds=1)) if stores else None
    told = reported_by_files(profile, shelf.folder, evidence)
    if stores:
        told |= reported(Reporting(settings, profile, moment, stores.database, stores.keys))
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


def existing_database(settings: Settings) -> Database | None:
    """The deployment's database, if there is one; none is made for the sake of a paper."""
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).exists()):
        return None
    return Database(settings.database)


def kept_papers(folder: Path, slug: str) -> list[KeptPaper]:
    """The council's papers as they were last drafted into a folder. Raises ConfigurationError for a file that is no paper."""
    paths = [path for kind in PaperKind if (path := folder / f"{slug}-{kind.value}.json").exists()]
    return [kept(path.read_text("utf-8"), str(path)) for path in paths]


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

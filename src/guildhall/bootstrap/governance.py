"""Wires the board: which rules are in force for the turn, and the office where a change is proposed, tried, signed and put in force."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from guildhall.bootstrap.identifiers import Clock, new_id
from guildhall.bootstrap.keys import open_keys
from guildhall.bootstrap.knowledge import open_embedder
from guildhall.bootstrap.understanding import open_understander
from guildhall.councils.loading import BASELINE, load_council, read_pack
from guildhall.councils.yaml_files import YamlReader
from guildhall.governance.in_force import PacksInForce
from guildhall.governance.office import Folder, Office
from guildhall.governance.packs import SHORT, Packs
from guildhall.governance.rollout import roll_back_if_out_of_limits
from guildhall.governance.trying import Listens, TryingBench
from guildhall.policy.packs import Pack
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.governance import GovernanceStore
from guildhall.storage.keys import KeyRing
from guildhall.storage.migrating import upgrade
from guildhall.storage.past import PastTurns
from guildhall.vocabulary.errors import ConfigurationError, GuildhallError

log = structlog.get_logger("guildhall.governance")


def open_packs(settings: Settings, database: Database, keys: KeyRing, slug: str, clock: Callable[[], datetime]) -> PacksInForce:
    """The rules in force. The folder's are read only while they are the ones: a file that is being edited stops no server of a board."""
    store = GovernanceStore(database, keys, slug, new_id)

    def folder() -> Pack:
        reader = YamlReader(settings.data_dir / "cache" / "yaml")
        return read_pack(reader, settings.councils_dir / BASELINE, settings.councils_dir / slug)

    return PacksInForce(store, Packs(store), folder, clock, time.perf_counter)


def folder_differs(office: Office) -> str:
    """What to say at start when the folder's rules are not those in force; empty when they are."""
    found = office.store.in_force()
    if found is None:
        return ""
    try:
        folder = office.folder().pack
    except ConfigurationError as error:
        return f"The rules in the folder cannot be read, and have no effect: {error}"
    if found.active == folder.id:
        return ""
    return (
        f"The rules in the folder (pack {folder.id[:SHORT]}) are not those that the board put in force (pack {found.active[:SHORT]}). "
        "The board's are used; `guildhall policy propose` makes the folder's a proposed change."
    )


class CanaryWatch:
    """Looks at the canary every few seconds, and rolls it back when it leaves its limits. Several servers may watch at once."""

    def __init__(self, office: Office, every_seconds: float = 5.0) -> None:
        self._office, self._every = office, every_seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="canary-watch", daemon=True)

    def start(self) -> None:
        """From now on, until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, and wait for a look that is under way."""
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.wait(self._every):
            try:
                if why := roll_back_if_out_of_limits(self._office):
                    log.warning("canary_rolled_back", why=why)
            except (GuildhallError, SQLAlchemyError) as error:
                log.error("canary_not_watched", error=type(error).__name__)


def open_office(settings: Settings, council: str = "", database: Database | None = None) -> Office:
    """The office of a council. The detectors are opened when a gate first needs them."""
    slug = council or settings.council
    database = database or Database(settings.database)
    upgrade(database)

    @cache
    def listens() -> Listens:
        return open_understander(settings, open_embedder(settings), (), "examples")

    def unfair() -> Sequence[str]:
        from guildhall.bootstrap.fairness import open_fairness  # which probes a whole house, and so imports this module

        return open_fairness(settings, slug, database).objections()

    return office_over(settings, slug, database, open_keys(settings, database), listens, unfair, Clock(settings.today))


def office_over(
    settings: Settings,
    slug: str,
    database: Database,
    keys: KeyRing,
    listens: Callable[[], Listens],
    unfair: Callable[[], Sequence[str]],
    clock: Callable[[], datetime],
) -> Office:
    """The office over a database that is open. `listens` gives the detectors when a gate first needs them."""
    store = GovernanceStore(database, keys, slug, new_id)

    def check(pack: Pack) -> None:
        load_council(settings.councils_dir, slug, settings.data_dir / "cache" / "yaml", pack)

    past = PastTurns(database, keys, slug)
    return Office(
        council=slug,
        store=store,
        packs=Packs(store),
        folder=lambda: read_folder(settings, slug),
        check_pack=check,
        bench=TryingBench(past, listens),
        past=past,
        clock=clock,
        unfair=unfair,
    )


def read_folder(settings: Settings, slug: str) -> Folder:
    """The rules of a council's folder over the baseline's, checked together. Raises ConfigurationError."""
    profile = load_council(settings.councils_dir, slug, settings.data_dir / "cache" / "yaml")
    baseline, own = settings.councils_dir / BASELINE / "policy", settings.councils_dir / slug / "policy"
    files = {f"{path.parent.parent.name}/policy/{path.name}": path.read_text("utf-8") for path in _written(baseline, own)}
    return Folder(profile.pack, files)


def _written(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in sorted(folder.glob("*.yaml"))]

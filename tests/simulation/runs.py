"""Small simulations without models, over SQLite in a folder."""

from datetime import date
from pathlib import Path

from guildhall.bootstrap.simulating import Run, open_run, refuse_real_contacts, simulated_settings
from guildhall.settings import Settings
from guildhall.simulation.keeping import Plan, going_on
from guildhall.storage.database import Database
from tests.assurance.desks import share_cache

COUNCILS = Path(__file__).parents[2] / "councils"
MONDAY = date(2026, 11, 9)


def plan_of(contacts: int = 24, days: int = 2, seed: int = 5, distress: float = 0.1, advisers: int = 5) -> Plan:
    return Plan("avonmere", contacts, days, seed, MONDAY, distress, advisers, fast=True)


def settings_in(folder: Path) -> Settings:
    given = Settings(data_dir=folder / "real", councils_dir=COUNCILS, database_url="", master_key="", today="")
    return simulated_settings(given, folder / "simulated")


def open_plan(folder: Path, plan: Plan) -> Run:
    """The run of a plan in a folder, from its beginning or from where it stands."""
    settings = settings_in(folder)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    share_cache(settings.data_dir)
    standing = going_on(settings.data_dir, plan)
    database = Database(settings.database)
    known = refuse_real_contacts(database)
    database.close()
    return open_run(settings, standing.plan, standing, known)

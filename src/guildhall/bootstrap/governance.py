"""Wires the board: which rules are in force for the turn."""

import time
from dataclasses import replace
from pathlib import Path

from guildhall.bootstrap.identifiers import Clock, new_id
from guildhall.councils.cross_checks import check_profile
from guildhall.councils.profile import CouncilProfile
from guildhall.governance.in_force import PacksInForce
from guildhall.governance.packs import Packs
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.governance import GovernanceStore


def open_packs(settings: Settings, database: Database, profile: CouncilProfile, clock: Clock) -> PacksInForce:
    """The rules in force. Raises ConfigurationError when they name wording, signposts or queues that the folder no longer has."""
    store = GovernanceStore(database, profile.slug, new_id)
    in_force = PacksInForce(store, Packs(store), profile.pack, clock, time.perf_counter)
    active = in_force.now().active
    if active.id != profile.pack.id:
        check_profile(replace(profile, pack=active), Path(settings.councils_dir) / profile.slug)
    return in_force

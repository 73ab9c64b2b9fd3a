"""The kill switches of a deployment, wired: for the turn, for commands and for the board's console.

A command that turns one must be quick on a machine in trouble, so what it may not need is loaded only when it is asked for.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import inspect

from guildhall.bootstrap.identifiers import Clock, new_id
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.switches import Known, SwitchStore, switch_turns
from guildhall.vocabulary.switches import Capability, SwitchKind
from guildhall.vocabulary.turns import Channel

if TYPE_CHECKING:
    from guildhall.answers.request import Composer
    from guildhall.councils.profile import CouncilProfile

BUILT_IN = {
    SwitchKind.CHANNEL: [channel.value for channel in Channel],
    SwitchKind.CAPABILITY: [capability.value for capability in Capability],
}


def known_targets(profile: "CouncilProfile", composers: "Sequence[Composer]") -> Known:
    """What can be switched here. The last composer is the embedded one; to turn that off is to turn answers off."""
    targets = BUILT_IN | {
        SwitchKind.SERVICE: list(profile.services),
        SwitchKind.MODEL: [composer.name for composer in composers[:-1]],
        SwitchKind.LANGUAGE: [language.value for language in profile.council.languages],
    }
    return lambda kind: targets[kind]


def open_switchboard(database: Database, profile: "CouncilProfile", composers: "Sequence[Composer]") -> SwitchStore:
    """A council's switches. They keep real time, whatever day a demonstration pretends it is."""
    return SwitchStore(database, profile.slug, known_targets(profile, composers), new_id, Clock())


def open_switches(settings: Settings, council: str = "") -> SwitchStore:
    """The switches alone, for commands that need no models. Raises ConfigurationError when there is no such council."""
    slug = council or settings.council
    if not (settings.councils_dir / slug).is_dir():
        _known_of(settings, slug)  # says which councils there are
    database = Database(settings.database)
    if not inspect(database.engine).has_table(switch_turns.name):
        from guildhall.storage.migrating import upgrade

        upgrade(database)
    return SwitchStore(database, slug, lambda kind: BUILT_IN.get(kind) or _known_of(settings, slug)(kind), new_id, Clock())


def _known_of(settings: Settings, slug: str) -> Known:
    from guildhall.bootstrap.answers import open_composers
    from guildhall.councils.loading import load_council

    profile = load_council(settings.councils_dir, slug, settings.data_dir / "cache" / "yaml")
    return known_targets(profile, open_composers(settings, profile))

"""The kill switches of a deployment, wired: for the turn, for commands and for the board's console."""

from collections.abc import Sequence

from guildhall.answers.request import Composer
from guildhall.bootstrap.answers import open_composers
from guildhall.bootstrap.identifiers import Clock, new_id
from guildhall.councils.loading import load_council
from guildhall.councils.profile import CouncilProfile
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.migrating import upgrade
from guildhall.storage.switches import Known, SwitchStore
from guildhall.vocabulary.switches import Capability, SwitchKind
from guildhall.vocabulary.turns import Channel


def known_targets(profile: CouncilProfile, composers: Sequence[Composer]) -> Known:
    """What can be switched here. The last composer is the embedded one; to turn that off is to turn answers off."""
    return {
        SwitchKind.CHANNEL: [channel.value for channel in Channel],
        SwitchKind.SERVICE: list(profile.services),
        SwitchKind.CAPABILITY: [capability.value for capability in Capability],
        SwitchKind.MODEL: [composer.name for composer in composers[:-1]],
        SwitchKind.LANGUAGE: [language.value for language in profile.council.languages],
    }


def open_switchboard(database: Database, profile: CouncilProfile, composers: Sequence[Composer]) -> SwitchStore:
    """A council's switches. They keep real time, whatever day a demonstration pretends it is."""
    return SwitchStore(database, profile.slug, known_targets(profile, composers), new_id, Clock())


def open_switches(settings: Settings, council: str = "") -> SwitchStore:
    """The switches alone, for commands that need no models."""
    profile = load_council(settings.councils_dir, council or settings.council, settings.data_dir / "cache" / "yaml")
    database = Database(settings.database)
    upgrade(database)
    return open_switchboard(database, profile, open_composers(settings, profile))

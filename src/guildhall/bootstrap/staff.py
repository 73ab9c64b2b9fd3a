"""The entrance for staff, wired: stores, the record, how long things are good for, and the identity provider if there is one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from guildhall.access.claims import read_mapping
from guildhall.access.entrance import Entrance, Lives
from guildhall.access.ports import Records
from guildhall.bootstrap.identifiers import Clock, new_id, new_secret
from guildhall.bootstrap.keys import open_keys
from guildhall.providers.identity.openid import OpenIdProvider, Registration
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.migrating import upgrade
from guildhall.storage.record import Record
from guildhall.storage.staff import StaffStore
from guildhall.storage.staff_sessions import SessionStore
from guildhall.vocabulary.errors import ConfigurationError

RETURN_PATH = "/console/sign-in/return"


@dataclass(frozen=True)
class StaffDoor:
    """Who works here, and how they come in."""

    entrance: Entrance
    staff: StaffStore
    sessions: SessionStore
    provider: OpenIdProvider | None


def open_staff_door(
    settings: Settings, database: Database, record: Records, clock: Callable[[], datetime], ids: Callable[[str], str] = new_id
) -> StaffDoor:
    """The staff door of a deployment. Raises ConfigurationError."""
    staff, sessions = StaffStore(database), SessionStore(database)
    lives = Lives(
        link=timedelta(minutes=settings.staff_link_minutes),
        idle=timedelta(minutes=settings.staff_idle_minutes),
        session=timedelta(hours=settings.staff_session_hours),
    )
    levels = frozenset(settings.oidc_strong_levels.split())
    entrance = Entrance(staff, sessions, record, clock, ids, new_secret, lives, read_mapping(settings.oidc_roles), levels)
    return StaffDoor(entrance, staff, sessions, open_identity_provider(settings, clock))


def open_staff_door_alone(settings: Settings) -> StaffDoor:
    """The staff door for commands that need no models."""
    database = Database(settings.database)
    upgrade(database)
    record = Record(database, open_keys(settings, database))
    return open_staff_door(settings, database, record, Clock(settings.today))


def open_identity_provider(settings: Settings, clock: Callable[[], datetime]) -> OpenIdProvider | None:
    """The identity provider that the settings name, or None. Raises ConfigurationError when they name half of one."""
    if not settings.oidc_issuer:
        return None
    address = urlsplit(settings.oidc_issuer)
    if address.scheme != "https" and address.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise ConfigurationError(
            "the issuer is not reached over https.",
            file="GUILDHALL_OIDC_ISSUER",
            fix="Give its https:// address, as the provider spells it.",
        )
    if not settings.oidc_client_id:
        raise ConfigurationError(
            "an issuer is set, but no client.", file="GUILDHALL_OIDC_CLIENT_ID", fix="Give what the provider calls this service."
        )
    if not read_mapping(settings.oidc_roles):
        raise ConfigurationError(
            "nobody who signs in would have a role.",
            file="GUILDHALL_OIDC_ROLES",
            fix="Say which claim gives which role, as in Governance.Chair=board_chair.",
        )
    return OpenIdProvider(
        Registration(
            issuer=settings.oidc_issuer,
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret.get_secret_value(),
            redirect_uri=settings.address.rstrip("/") + RETURN_PATH,
            scopes=settings.oidc_scopes,
            roles_claim=settings.oidc_roles_claim,
            strong_levels=tuple(settings.oidc_strong_levels.split()),
        ),
        now=lambda: clock().timestamp(),
    )

"""What the entrance needs from the rest of the house, as small protocols."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guildhall.vocabulary.events import Event
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.staff import StaffId, StaffMember, StaffSession


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in on its way through the identity provider: what must come back with it. `strong` asks for more than one factor."""

    nonce: str
    verifier: str
    strong: bool = False


class Records(Protocol):
    """The append-only record."""

    def append(self, events: Sequence[Event]) -> None:
        """Return once the events are durable, all of them or none."""
        ...


class KeepsStaff(Protocol):
    """Where members of staff and their roles are kept."""

    def get(self, staff_id: str) -> StaffMember | None:
        """The member of that id."""
        ...

    def by_name(self, name: str) -> StaffMember:
        """The one member of that name or id. Raises NotFoundError, or RefusedError when several have the name."""
        ...

    def by_subject(self, subject: str) -> StaffMember | None:
        """The member whom the identity provider calls so."""
        ...

    def add(self, staff_id: StaffId, name: str, subject: str, at: datetime) -> StaffMember:
        """A new member without roles. Raises RefusedError when a local one has the name."""
        ...

    def set_roles(self, staff_id: str, roles: frozenset[Role], source: str, by: str, at: datetime) -> None:
        """Make these the roles that come from this source; roles from other sources stay."""
        ...

    def roles_from(self, staff_id: str, source: str) -> frozenset[Role]:
        """The roles that come from this source."""
        ...

    def set_active(self, staff_id: str, active: bool) -> None:
        """Let a member in, or keep them out."""
        ...


class KeepsSessions(Protocol):
    """Where links, sign-ins on their way and sessions are kept, by the digest of their secrets."""

    def keep_link(self, digest: str, staff_id: str, ends_at: datetime) -> None:
        """Keep a link until it is used or ends."""
        ...

    def use_link(self, digest: str, now: datetime) -> str | None:
        """The member whom the link signs in, once; None when it is used, past its time, or none of ours."""
        ...

    def keep_attempt(self, digest: str, attempt: Attempt, ends_at: datetime, now: datetime) -> None:
        """Keep a sign-in on its way; those past their time are forgotten."""
        ...

    def take_attempt(self, digest: str, now: datetime) -> Attempt | None:
        """The sign-in on its way, once."""
        ...

    def start(self, session: StaffSession) -> None:
        """Keep a session."""
        ...

    def find(self, digest: str) -> StaffSession | None:
        """The session of that digest, unless it was ended, with the roles that its member has now."""
        ...

    def touch(self, digest: str, now: datetime) -> None:
        """The session was used."""
        ...

    def end(self, digest: str) -> None:
        """End a session."""
        ...

    def end_all(self, staff_id: str) -> int:
        """End every session and link of a member; how many sessions there were."""
        ...

"""Members of staff and the roles they hold, with where each role comes from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, String, Table, delete, insert, or_, select, update

from guildhall.storage.database import Database, UtcDateTime, metadata
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.staff import StaffId, StaffMember

staff = Table(
    "staff",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False, index=True),
    Column("subject", String(500), unique=True),
    Column("active", Boolean, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
)

staff_roles = Table(
    "staff_roles",
    metadata,
    Column("staff_id", String(40), ForeignKey("staff.id"), primary_key=True),
    Column("role", String(40), primary_key=True),
    Column("source", String(16), primary_key=True),
    Column("granted_by", String(40), nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
)


class StaffStore:
    """Repository of members of staff."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, staff_id: str) -> StaffMember | None:
        """The member of that id."""
        return next(iter(self._found(staff.c.id == staff_id)), None)

    def by_name(self, name: str) -> StaffMember:
        """The one member of that name or id. Raises NotFoundError, or RefusedError when several have the name."""
        found = self._found(or_(staff.c.name == name, staff.c.id == name))
        if not found:
            raise NotFoundError(f"nobody is called `{name}` here; `guildhall staff list` shows who is, `guildhall staff add` adds them.")
        if len(found) > 1:
            raise RefusedError(f"several people are called `{name}`; give one of these ids: {', '.join(m.id for m in found)}.")
        return found[0]

    def by_subject(self, subject: str) -> StaffMember | None:
        """The member whom the identity provider calls so."""
        return next(iter(self._found(staff.c.subject == subject)), None)

    def everyone(self) -> tuple[StaffMember, ...]:
        """Every member, by name."""
        return self._found()

    def names(self) -> dict[str, str]:
        """Names by id."""
        with self._database.reading() as connection:
            return {row.id: row.name for row in connection.execute(select(staff.c.id, staff.c.name))}

    def add(self, staff_id: StaffId, name: str, subject: str, at: datetime) -> StaffMember:
        """A new member without roles. Raises RefusedError when a local one has the name."""
        with self._database.writing() as connection:
            local = select(staff.c.id).where(staff.c.name == name, staff.c.subject.is_(None))
            if not subject and connection.execute(local).first():
                raise RefusedError(f"somebody called `{name}` is here already; give another name, or `guildhall staff grant` them a role.")
            connection.execute(insert(staff).values(id=staff_id, name=name, subject=subject or None, active=True, added_at=at))
        return StaffMember(staff_id, name, frozenset(), subject)

    def set_roles(self, staff_id: str, roles: frozenset[Role], source: str, by: str, at: datetime) -> None:
        """Make these the roles that come from this source; roles from other sources stay."""
        rows = [
            {"staff_id": staff_id, "role": role.value, "source": source, "granted_by": by, "granted_at": at}
            for role in sorted(roles - self.roles_from(staff_id, source))
        ]
        mine = (staff_roles.c.staff_id == staff_id, staff_roles.c.source == source)
        with self._database.writing() as connection:
            connection.execute(delete(staff_roles).where(*mine, staff_roles.c.role.not_in([role.value for role in roles])))
            if rows:
                connection.execute(insert(staff_roles), rows)

    def roles_from(self, staff_id: str, source: str) -> frozenset[Role]:
        """The roles that come from this source."""
        query = select(staff_roles.c.role).where(staff_roles.c.staff_id == staff_id, staff_roles.c.source == source)
        with self._database.reading() as connection:
            return frozenset(Role(role) for role in connection.execute(query).scalars())

    def set_active(self, staff_id: str, active: bool) -> None:
        """Let a member in, or keep them out."""
        with self._database.writing() as connection:
            connection.execute(update(staff).where(staff.c.id == staff_id).values(active=active))

    def _found(self, *conditions: Any) -> tuple[StaffMember, ...]:
        query = (
            select(staff, staff_roles.c.role)
            .outerjoin(staff_roles, staff_roles.c.staff_id == staff.c.id)
            .where(*conditions)
            .order_by(staff.c.name, staff.c.id)
        )
        with self._database.reading() as connection:
            return members(connection.execute(query).all())


def members(rows: Sequence[Any]) -> tuple[StaffMember, ...]:
    """Members from rows with one role each."""
    roles: dict[str, set[Role]] = {}
    for row in rows:
        held = roles.setdefault(row.id, set())
        if row.role:
            held.add(Role(row.role))
    first = {row.id: row for row in reversed(rows)}
    return tuple(
        StaffMember(StaffId(key), first[key].name, frozenset(held), first[key].subject or "", first[key].active)
        for key, held in roles.items()
    )

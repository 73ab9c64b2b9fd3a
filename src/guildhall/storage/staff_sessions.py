"""Sign-in links, sign-ins on their way through the identity provider, and sessions: by the digests of their secrets."""

from datetime import datetime

from sqlalchemy import Boolean, Column, ForeignKey, String, Table, delete, func, insert, select, update

from guildhall.access.ports import Attempt
from guildhall.storage.database import Database, UtcDateTime, metadata
from guildhall.storage.staff import members, staff, staff_roles
from guildhall.vocabulary.staff import SignInMethod, StaffSession

staff_links = Table(
    "staff_links",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("staff_id", String(40), ForeignKey("staff.id"), nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
)

staff_attempts = Table(
    "staff_attempts",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("nonce", String(128), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("strong", Boolean, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("staff_id", String(40), ForeignKey("staff.id"), nullable=False, index=True),
    Column("method", String(16), nullable=False),
    Column("strong", Boolean, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)


class SessionStore:
    """Repository of what lets staff in. What is used or ended is gone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep_link(self, digest: str, staff_id: str, ends_at: datetime) -> None:
        """Keep a link until it is used or ends."""
        with self._database.writing() as connection:
            connection.execute(insert(staff_links).values(digest=digest, staff_id=staff_id, ends_at=ends_at))

    def use_link(self, digest: str, now: datetime) -> str | None:
        """The member whom the link signs in, once; None when it is used, past its time, or none of ours."""
        with self._database.writing() as connection:
            row = connection.execute(select(staff_links).where(staff_links.c.digest == digest)).one_or_none()
            # two browsers with one link: only the one whose deletion counts comes in
            taken = connection.execute(delete(staff_links).where(staff_links.c.digest == digest)).rowcount
            connection.execute(delete(staff_links).where(staff_links.c.ends_at <= now))
        return str(row.staff_id) if row and taken == 1 and row.ends_at > now else None

    def keep_attempt(self, digest: str, attempt: Attempt, ends_at: datetime, now: datetime) -> None:
        """Keep a sign-in on its way; those past their time are forgotten."""
        row = {"digest": digest, "nonce": attempt.nonce, "verifier": attempt.verifier, "strong": attempt.strong, "ends_at": ends_at}
        with self._database.writing() as connection:
            connection.execute(delete(staff_attempts).where(staff_attempts.c.ends_at <= now))
            connection.execute(insert(staff_attempts).values(row))

    def take_attempt(self, digest: str, now: datetime) -> Attempt | None:
        """The sign-in on its way, once."""
        with self._database.writing() as connection:
            row = connection.execute(select(staff_attempts).where(staff_attempts.c.digest == digest)).one_or_none()
            taken = connection.execute(delete(staff_attempts).where(staff_attempts.c.digest == digest)).rowcount
        return Attempt(row.nonce, row.verifier, row.strong) if row and taken == 1 and row.ends_at > now else None

    def start(self, session: StaffSession) -> None:
        """Keep a session."""
        with self._database.writing() as connection:
            connection.execute(
                insert(staff_sessions).values(
                    digest=session.digest,
                    staff_id=session.member.id,
                    method=session.method.value,
                    strong=session.strong,
                    started_at=session.started_at,
                    seen_at=session.seen_at,
                )
            )

    def find(self, digest: str) -> StaffSession | None:
        """The session of that digest, unless it was ended, with the roles that its member has now."""
        query = (
            select(staff, staff_roles.c.role, staff_sessions)
            .join(staff_sessions, staff_sessions.c.staff_id == staff.c.id)
            .outerjoin(staff_roles, staff_roles.c.staff_id == staff.c.id)
            .where(staff_sessions.c.digest == digest)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return None
        row, (member,) = rows[0], members(rows)
        return StaffSession(row.digest, member, SignInMethod(row.method), row.strong, row.started_at, row.seen_at)

    def touch(self, digest: str, now: datetime) -> None:
        """The session was used."""
        with self._database.writing() as connection:
            connection.execute(update(staff_sessions).where(staff_sessions.c.digest == digest).values(seen_at=now))

    def end(self, digest: str) -> None:
        """End a session."""
        with self._database.writing() as connection:
            connection.execute(delete(staff_sessions).where(staff_sessions.c.digest == digest))

    def end_all(self, staff_id: str) -> int:
        """End every session and link of a member; how many sessions there were."""
        with self._database.writing() as connection:
            connection.execute(delete(staff_links).where(staff_links.c.staff_id == staff_id))
            return connection.execute(delete(staff_sessions).where(staff_sessions.c.staff_id == staff_id)).rowcount

    def open_since(self, since: datetime) -> dict[str, tuple[int, datetime]]:
        """For each member with a session used since then: how many sessions, and the last use."""
        query = (
            select(staff_sessions.c.staff_id, func.count(), func.max(staff_sessions.c.seen_at, type_=UtcDateTime))
            .where(staff_sessions.c.seen_at > since)
            .group_by(staff_sessions.c.staff_id)
        )
        with self._database.reading() as connection:
            return {row[0]: (row[1], row[2]) for row in connection.execute(query)}

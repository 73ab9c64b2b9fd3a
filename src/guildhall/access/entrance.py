"""How staff come in and go out. What happens is in the record before it takes effect, and secrets are kept as digests only.

A session begins with a new secret however somebody signs in, ends when it is not used for a while or has lasted a working
day, and can be ended from the outside at any time. Roles are read afresh with every request.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from guildhall.access.claims import Identity, roles_of
from guildhall.access.ports import Attempt, KeepsSessions, KeepsStaff, Records
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.staff import SignInMethod, StaffId, StaffMember, StaffSession

GRANTED: Final = "granted"
CLAIMED: Final = "claimed"
COMMAND_LINE: Final = "command line"
PROVIDER: Final = "identity provider"
LONGEST_SECRET: Final = 128
TOUCHED_EVERY: Final = timedelta(minutes=1)


class SignInRefusedError(RefusedError):
    """Somebody may not come in; the message says why, in words fit for them."""


@dataclass(frozen=True, slots=True)
class Lives:
    """How long things are good for."""

    link: timedelta = timedelta(minutes=15)
    attempt: timedelta = timedelta(minutes=10)
    idle: timedelta = timedelta(minutes=30)
    session: timedelta = timedelta(hours=10)


@dataclass(frozen=True)
class Entrance:
    """The one way in and out for staff."""

    staff: KeepsStaff
    sessions: KeepsSessions
    records: Records
    clock: Callable[[], datetime]
    new_id: Callable[[str], str]
    new_secret: Callable[[], str]
    lives: Lives = field(default_factory=Lives)
    mapping: Mapping[str, Role] = field(default_factory=dict)
    strong_levels: frozenset[str] = frozenset()

    def add(self, name: str, roles: frozenset[Role], by: str = COMMAND_LINE) -> StaffMember:
        """A new member of staff. Raises RefusedError when the name is taken."""
        member = self.staff.add(StaffId(self.new_id("staff")), name, "", self.clock())
        return self._with_roles(member, roles, GRANTED, by)

    def grant(self, member: StaffMember, role: Role, by: str = COMMAND_LINE) -> StaffMember:
        """Give a role."""
        return self._with_roles(member, self.staff.roles_from(member.id, GRANTED) | {role}, GRANTED, by)

    def withdraw(self, member: StaffMember, role: Role, by: str = COMMAND_LINE) -> StaffMember:
        """Take a granted role away. Raises RefusedError when it was not granted here."""
        granted = self.staff.roles_from(member.id, GRANTED)
        if role not in granted:
            raise RefusedError(f"{member.name} was not granted the role {role.value} here; a role that a claim gives is taken away there.")
        return self._with_roles(member, granted - {role}, GRANTED, by)

    def keep_out(self, member: StaffMember, by: str = COMMAND_LINE) -> None:
        """End every session and link of a member, and let them in no more."""
        self.note(EventKind.ROLE_CHANGED, by, {"staff": member.id, "active": False, "by": by})
        self.staff.set_active(member.id, False)
        self.sessions.end_all(member.id)

    def let_in(self, member: StaffMember, by: str = COMMAND_LINE) -> None:
        """Let a member in again."""
        self.note(EventKind.ROLE_CHANGED, by, {"staff": member.id, "active": True, "by": by})
        self.staff.set_active(member.id, True)

    def link_for(self, member: StaffMember) -> str:
        """The secret of a new link: good once, and for a short time. Raises RefusedError for who may not come in."""
        if not member.active or not member.roles:
            raise RefusedError(f"{member.name} {'has no role' if member.active else 'is kept out'}, so a link would not let them in.")
        secret = self.new_secret()
        self.sessions.keep_link(digest(secret), member.id, self.clock() + self.lives.link)
        return secret

    def by_link(self, secret: str) -> str:
        """Sign in with a link. The secret of the new session; raises SignInRefusedError."""
        staff_id = self.sessions.use_link(digest(secret), self.clock()) if 0 < len(secret) <= LONGEST_SECRET else None
        member = self.staff.get(staff_id) if staff_id else None
        if member is None:
            raise self.refusal("link", "This link has been used already, or is past its time. Ask for a new one.")
        return self._begin(member, SignInMethod.LINK, strong=False)

    def begin_attempt(self, strong: bool = False) -> tuple[str, Attempt]:
        """Start a sign-in through the identity provider: the state that must come back, and what is kept for it."""
        state, attempt = self.new_secret(), Attempt(self.new_secret(), self.new_secret() + self.new_secret(), strong)
        now = self.clock()
        self.sessions.keep_attempt(digest(state), attempt, now + self.lives.attempt, now)
        return state, attempt

    def resume_attempt(self, state: str, kept_by_browser: str) -> Attempt:
        """The sign-in that a state belongs to, once, and only in the browser that began it. Raises SignInRefusedError."""
        same = 0 < len(state) <= LONGEST_SECRET and state == kept_by_browser
        attempt = self.sessions.take_attempt(digest(state), self.clock()) if same else None
        if attempt is None:
            raise self.refusal("state", "This sign-in was not begun in this browser, took too long, or was finished already.")
        return attempt

    def by_identity(self, identity: Identity) -> str:
        """Sign in as the identity provider vouches. The secret of the new session; raises SignInRefusedError."""
        roles, member = roles_of(identity, self.mapping), self.staff.by_subject(identity.subject)
        if not roles and (member is None or not self.staff.roles_from(member.id, GRANTED)):
            if member is not None:
                self._with_roles(member, roles, CLAIMED, PROVIDER)
            raise self.refusal("no_role", "Your account has no role here. Ask whoever runs this service to give you one.")
        if member is None:
            member = self.staff.add(StaffId(self.new_id("staff")), identity.name, identity.subject, self.clock())
        member = self._with_roles(member, roles, CLAIMED, PROVIDER)
        return self._begin(member, SignInMethod.PROVIDER, identity.is_strong(self.strong_levels))

    def session(self, secret: str) -> StaffSession | None:
        """The session a secret opens, if it has not ended."""
        found = self.sessions.find(digest(secret)) if 0 < len(secret) <= LONGEST_SECRET else None
        if found is None or not found.member.active:
            return None
        now = self.clock()
        if now - found.started_at >= self.lives.session or now - found.seen_at >= self.lives.idle:
            self.sessions.end(found.digest)
            return None
        if now - found.seen_at >= TOUCHED_EVERY:
            self.sessions.touch(found.digest, now)
        return found

    def sign_out(self, session: StaffSession) -> None:
        """End this session."""
        self.sessions.end(session.digest)
        self.note(EventKind.STAFF_SIGNED_OUT, session.member.id, {"staff": session.member.id, "by": session.member.id})

    def sign_out_everywhere(self, member: StaffMember, by: str = COMMAND_LINE) -> int:
        """End every session of a member; how many there were."""
        ended = self.sessions.end_all(member.id)
        self.note(EventKind.STAFF_SIGNED_OUT, by, {"staff": member.id, "by": by, "sessions": ended})
        return ended

    def note(self, kind: EventKind, by: str, facts: Mapping[str, Any], about: tuple[str, str] | None = None) -> None:
        """Put into the record what a member of staff did; `about` is a conversation and a turn of it. Raises when it cannot be written."""
        conversation, turn = about or ("", "")
        event = Event(
            EventId(self.new_id("event")),
            kind,
            self.clock(),
            ConversationId(conversation) if conversation else None,
            TurnId(turn) if turn else None,
            {"by": by, **facts},
        )
        self.records.append([event])

    def refusal(self, why: str, words: str) -> SignInRefusedError:
        """A refusal, recorded."""
        self.note(EventKind.SIGN_IN_REFUSED, "nobody", {"why": why})
        return SignInRefusedError(words)

    def _begin(self, member: StaffMember, method: SignInMethod, strong: bool) -> str:
        if not member.active or not member.roles:
            raise self.refusal("kept_out", "You may not sign in here any more. Ask whoever runs this service.")
        facts = {"staff": member.id, "roles": sorted(member.roles), "method": method.value, "strong": strong}
        self.note(EventKind.STAFF_SIGNED_IN, member.id, facts)
        secret, now = self.new_secret(), self.clock()
        self.sessions.start(StaffSession(digest(secret), member, method, strong, now, now))
        return secret

    def _with_roles(self, member: StaffMember, roles: frozenset[Role], source: str, by: str) -> StaffMember:
        before = self.staff.roles_from(member.id, source)
        if roles != before:
            facts = {"staff": member.id, "source": source, "before": sorted(before), "after": sorted(roles)}
            self.note(EventKind.ROLE_CHANGED, by, facts)
            self.staff.set_roles(member.id, roles, source, by, self.clock())
        return self.staff.get(member.id) or member


def digest(secret: str) -> str:
    """How a secret is kept. It has 256 random bits, so a plain hash cannot be turned round."""
    return hashlib.sha256(secret.encode()).hexdigest()


def challenge(verifier: str) -> str:
    """The PKCE challenge of a verifier (RFC 7636, S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()

"""Waivers: a board member accepts a named breach until a date, for a reason that stands in the minutes, and signs for it."""

import base64
from collections.abc import Sequence
from datetime import date
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from guildhall.evaluation.fairness import JUDGED, Breach, Comparison, languages_to_protect
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.fairness import Waiver
from guildhall.vocabulary.roles import ROLE_LABELS, Role
from guildhall.vocabulary.switches import Switches, SwitchKind

LONGEST_DAYS: Final = 92
LEAST_REASON: Final = 20
MAY_WAIVE: Final = frozenset({Role.BOARD_CHAIR})


class KnowsBoard(Protocol):
    """Who is on the board."""

    def public_key(self, name: str) -> str | None:
        """The Ed25519 public key (base64 of 32 bytes) of a member, or None when nobody of that name is enrolled."""
        ...

    def roles(self, name: str) -> tuple[Role, ...]:
        """The member's roles."""
        ...


class TurnsOff(Protocol):
    """Where kill switches are turned."""

    def off(self) -> Switches:
        """What is off now."""
        ...

    def turn_off(self, kind: SwitchKind, target: str, reason: str, by: str) -> object:
        """Turn something off, with a reason."""
        ...


def check_terms(waiver: Waiver, today: date) -> None:
    """Raise RefusedError for a waiver that may not be signed as it stands."""
    if waiver.measure not in JUDGED:
        raise RefusedError(f"`{waiver.measure}` is not a measure that can be breached; the measures are {', '.join(JUDGED)}")
    if not today < waiver.until:
        raise RefusedError(f"the waiver would end on {waiver.until.isoformat()}, which is not after today; give a later date")
    if (waiver.until - today).days > LONGEST_DAYS:
        raise RefusedError(f"a waiver lasts {LONGEST_DAYS} days at most; give a date up to then, and let the board look again")
    if len(waiver.reason.split()) < 4 or len(waiver.reason) < LEAST_REASON:
        raise RefusedError("say in a sentence why the breach is accepted and what is done about it")
    if not waiver.minute.strip():
        raise RefusedError("name the board minute in which the waiver was agreed, such as AIGB-2026-11 item 4")


def sign_waiver(waiver: Waiver, key: Ed25519PrivateKey) -> str:
    """The signature, in base64."""
    return base64.b64encode(key.sign(waiver.text.encode())).decode()


def check_signature(waiver: Waiver, board: KnowsBoard) -> None:
    """Raise RefusedError unless the waiver is signed by an enrolled member who may waive."""
    public = board.public_key(waiver.by)
    if public is None:
        raise RefusedError(f"{waiver.by} is not on the board; enrol them first, or let somebody sign who is")
    if not MAY_WAIVE & set(board.roles(waiver.by)):
        who = ", ".join(ROLE_LABELS[role][0].lower() for role in sorted(MAY_WAIVE))
        raise RefusedError(f"{waiver.by} may not waive a breach; it takes the {who}")
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        key.verify(base64.b64decode(waiver.signature, validate=True), waiver.text.encode())
    except (InvalidSignature, ValueError):
        raise RefusedError(f"the signature is not that of {waiver.by} over this waiver") from None


def stands(waiver: Waiver, board: KnowsBoard, today: date) -> bool:
    """Whether the waiver holds today: signed by somebody who is still on the board, and not past its date."""
    try:
        check_signature(waiver, board)
    except RefusedError:
        return False
    return today <= waiver.until


def unwaived(found: Sequence[Breach], waivers: Sequence[Waiver], board: KnowsBoard, today: date) -> tuple[Breach, ...]:
    """The breaches that block a release: no standing waiver covers a gap as wide."""
    standing = [waiver for waiver in waivers if stands(waiver, board, today)]
    return tuple(
        breach
        for breach in found
        if not any(w.slice == breach.slice and w.measure == breach.measure and breach.points <= w.points for w in standing)
    )


def protect(comparison: Comparison, found: Sequence[Breach], switches: TurnsOff, by: str) -> dict[str, str]:
    """Switch each language that is served worse to a person, unless it is already; the languages that were switched, and why."""
    already = switches.off()
    found_worse = languages_to_protect(comparison, found).items()
    languages = {language: reason for language, reason in found_worse if not already.is_off(SwitchKind.LANGUAGE, language)}
    for language, reason in languages.items():
        switches.turn_off(SwitchKind.LANGUAGE, language, reason, by)
    return languages

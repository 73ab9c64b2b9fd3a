"""The board: who is on it. Founding it puts the folder's rules under its care."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guildhall.governance.office import Office
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.governance import Member
from guildhall.vocabulary.roles import ROLE_LABELS, Role


def enrol(
    office: Office, name: str, roles: tuple[Role, ...], public_key: str, by: str = "", key: Ed25519PrivateKey | None = None
) -> Member:
    """Add a member, or give one a new key or other roles. The first member founds the board.

    Until the board has a chair anybody who may run commands here can enrol; from then on only the chair can, by key. One key is
    one person's: nobody may hold two names.
    """
    may_enrol(office, by, key)
    chairs = [member for member in office.store.members() if Role.BOARD_CHAIR in member.roles]
    if same := [member.name for member in office.store.members() if member.public_key == public_key and member.name != name]:
        raise RefusedError(f"this key is {same[0]}'s already; everybody on the board has a key of their own")
    if not name.strip() or not roles:
        raise RefusedError("a member needs a name and at least one role")
    if chairs and [chair.name for chair in chairs] == [name] and Role.BOARD_CHAIR not in roles:
        raise RefusedError(f"{name} is the only board chair ({ROLE_LABELS[Role.BOARD_CHAIR][1].lower()}); enrol another first")
    if not office.store.members():
        folder = office.folder()
        office.packs.put(folder.pack, folder.files, office.clock())
        office.store.found(folder.pack.id, name, office.clock())
    member = Member(name.strip(), roles, public_key, office.clock())
    office.store.enrol(member, by or name)
    return member


def may_enrol(office: Office, by: str, key: Ed25519PrivateKey | None) -> None:
    """Raise RefusedError unless this person may enrol somebody now."""
    chairs = [member.name for member in office.store.members() if Role.BOARD_CHAIR in member.roles]
    if not chairs:
        return
    if by not in chairs:
        raise RefusedError(f"the board has a chair, who alone enrols: add --as {chairs[0]!r} and --key with the chair's key")
    office.acting(by, key)

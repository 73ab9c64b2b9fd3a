"""What an identity provider says of somebody, and the roles that gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.roles import Role

STRONG_METHODS: Final = frozenset({"mfa", "otp", "hwk", "swk", "sc", "fido", "face", "fpt", "iris", "ngcmfa", "phr", "phrh"})
"""Authentication methods (RFC 8176, and those Entra adds) that say more than a password was used."""


@dataclass(frozen=True, slots=True)
class Identity:
    """One person, as the identity provider vouches for them. `subject` is stable for life; a name or an address is not."""

    subject: str
    name: str
    claims: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    level: str = ""

    def is_strong(self, levels: frozenset[str]) -> bool:
        """Whether more than one factor was used: by method (`amr`), or by a level (`acr`) that counts as such here."""
        return bool(self.methods & STRONG_METHODS) or (bool(self.level) and self.level in levels)


def read_mapping(text: str) -> dict[str, Role]:
    """`claim=role` pairs, separated by commas or new lines. Raises ConfigurationError."""
    found: dict[str, Role] = {}
    for pair in filter(None, (piece.strip() for piece in text.replace("\n", ",").split(","))):
        claim, equals, role = pair.rpartition("=")
        if not equals or not claim.strip() or role.strip() not in set(Role):
            raise ConfigurationError(
                f"`{pair}` gives no role.",
                file="GUILDHALL_OIDC_ROLES",
                fix=f"Write claim=role, with one of these roles: {', '.join(Role)}.",
            )
        found[claim.strip()] = Role(role.strip())
    return found


def roles_of(identity: Identity, mapping: Mapping[str, Role]) -> frozenset[Role]:
    """The roles that the identity's claims give; claims that are not mapped give none."""
    return frozenset(role for claim, role in mapping.items() if claim in identity.claims)

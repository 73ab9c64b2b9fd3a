"""Who may use a route. Every route says so, and a house rule checks that none forgets."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from guildhall.vocabulary.roles import Role

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class Audience(StrEnum):
    """The parties a route may serve."""

    ANYONE = "anyone"
    """No conversation is read or changed."""
    RESIDENT = "resident"
    """A resident's browser; a conversation is reached only with its own cookie."""
    API_CLIENT = "api_client"
    """A program; a conversation is reached only with its own bearer token."""
    STAFF = "staff"
    """A member of staff who is signed in and holds one of the roles that the route names."""
    GATEWAY = "gateway"
    """The council's own phone gateway, with the secret that both know."""
    OPERATOR = "operator"
    """Whoever runs the deployment: health checks."""


def audience(who: Audience, roles: frozenset[Role] = frozenset()) -> Callable[[Endpoint], Endpoint]:
    """Declare who may use the endpoint below; for staff, with which roles."""

    def declare(endpoint: Endpoint) -> Endpoint:
        endpoint.__audience__ = who  # type: ignore[attr-defined]
        endpoint.__roles__ = roles  # type: ignore[attr-defined]
        return endpoint

    return declare


def audience_of(endpoint: Callable[..., Any]) -> Audience | None:
    """The declared audience, or None."""
    return getattr(endpoint, "__audience__", None)


def roles_of(endpoint: Callable[..., Any]) -> frozenset[Role]:
    """The roles the endpoint declares; none when it is not for staff."""
    return getattr(endpoint, "__roles__", frozenset())

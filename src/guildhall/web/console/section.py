"""What a part of the console is: where it lives, who may read it, what it adds to the home page and to the board pack."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from guildhall.bootstrap.console import Console
from guildhall.vocabulary.roles import GOVERNING_ROLES, VALUE_ROLES, Role

if TYPE_CHECKING:
    from guildhall.web.console.routing import Routes

EVERYONE: Final = GOVERNING_ROLES
WITH_VALUE: Final = GOVERNING_ROLES | VALUE_ROLES
"""Readers of pages that show counts and money, and no words."""
DECIDERS: Final = GOVERNING_ROLES - {Role.AUDITOR}


class Group(StrEnum):
    """The parts of the menu, in its order."""

    RULES = "Rules"
    TURNS = "What happened"
    LEARNING = "Learning"
    VALUE = "Value"
    NEXT = "What next"
    PEOPLE = "People"
    PROOF = "Proof"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that needs attention. `urgent` ones come first and are red."""

    text: str
    href: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A section's part of the board pack: a template under `console/pack/` and what fills it."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)


def nothing(_console: Console) -> Sequence[Notice]:
    """Nothing needs attention."""
    return ()


@dataclass(frozen=True)
class Section:
    """One part of the console. `about` is a sentence for the home page; `paper` gives its part of the board pack since a time."""

    path: str
    title: str
    about: str
    group: Group
    add_routes: "Callable[[Routes], None]"
    readers: frozenset[Role] = EVERYONE
    notices: Callable[[Console], Sequence[Notice]] = nothing
    paper: Callable[[Console, datetime], Paper] | None = None
    called_in_pack: str = ""

    @property
    def pack_title(self) -> str:
        """The heading of its part of the board pack."""
        return self.called_in_pack or self.title

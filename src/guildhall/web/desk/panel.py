"""What a panel of the desk is: where it stands, when it is shown, what fills it, which pages it adds.

A button inside a panel with `data-insert="text"` puts that text where the adviser writes, at the cursor. `data-cite="passage id"` on it
adds the source to what is sent, `data-wording="id"` says which approved wording it is, and `data-to="resident"` that it must not land
in a private note. Without a script such a button stands in a form that posts `text`, `cite`, `wording` and `to` to `…/insert`. An element with `data-key="x"` is clicked, or focused if it is a field, by the
key x; list such keys in `keys.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from guildhall.web.desk.access import Part
from guildhall.web.desk.opened import Opened

if TYPE_CHECKING:
    from guildhall.web.desk.routing import DeskRoutes


class Where(StrEnum):
    """Where a panel stands."""

    SIDE = "side"
    """In the column beside the thread."""
    COMPOSER = "composer"
    """Above the field in which the adviser writes."""


def _nothing(_opened: Opened) -> Mapping[str, Any]:
    return {}


def _no_routes(_routes: "DeskRoutes") -> None:
    return None


def holders(opened: Opened) -> bool:
    """Shown to whoever answers the resident."""
    return opened.place.part == Part.HOLDS


def everybody(opened: Opened) -> bool:
    """Shown to whoever may read the conversation; not while it is only offered."""
    return opened.place.part != Part.OFFERED


@dataclass(frozen=True)
class Panel:
    """One panel. `key` names it in the page (`#panel-key`); `starts_open` says whether it is unfolded at first."""

    key: str
    title: str
    template: str
    values: Callable[[Opened], Mapping[str, Any]] = _nothing
    shows: Callable[[Opened], bool] = everybody
    add_routes: "Callable[[DeskRoutes], None]" = _no_routes
    where: Where = Where.SIDE
    starts_open: bool = False
    letter: str = ""
    """A single-letter key that unfolds it and goes there."""
    live: bool = False
    """Whether something in it changes by itself (`data-live`). The others beside the thread are not drawn when a page only reads itself again."""

"""Long lists: filters and order live in the address, so a list can be sent to a colleague, kept, or gone back to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

PER_PAGE = 25
MOST_PAGES = 400
Row = TypeVar("Row")


@dataclass(frozen=True)
class Listing:
    """One list as the address asks for it. `orders` gives each order's key; the first is the one a list begins with."""

    path: str
    query: Mapping[str, str]
    orders: Mapping[str, Callable[[Any], Any]]
    per_page: int = PER_PAGE

    @property
    def order(self) -> str:
        """The order asked for."""
        asked = self.query.get("order", "")
        return asked if asked in self.orders else next(iter(self.orders), "")

    @property
    def reverse(self) -> bool:
        """Whether it is turned round."""
        return self.query.get("down") == "1"

    @property
    def page(self) -> int:
        """The page asked for, from 1."""
        asked = self.query.get("page", "1")
        return min(max(int(asked), 1), MOST_PAGES) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.page - 1) * self.per_page

    def link(self, **changes: str) -> str:
        """This list with something changed; what is empty is left out, and a changed list begins at its first page."""
        kept = {key: value for key, value in self.query.items() if key != "page"} | changes
        pairs = {key: value for key, value in kept.items() if value}
        return self.path + (f"?{urlencode(pairs)}" if pairs else "")

    def order_link(self, order: str) -> str:
        """The list in this order; the other way round if it has it already."""
        return self.link(order=order, down="1" if self.order == order and not self.reverse else "")

    def aria(self, order: str) -> str:
        """How a column's order is told to a screen reader."""
        if self.order != order:
            return "none"
        return "descending" if self.reverse else "ascending"

    def sorted(self, rows: Sequence[Row]) -> list[Row]:
        """All rows in the order asked for."""
        return sorted(rows, key=self.orders[self.order], reverse=self.reverse) if self.orders else list(rows)

    def cut(self, rows: Sequence[Row]) -> list[Row]:
        """The rows of this page, in the order asked for."""
        return self.sorted(rows)[self.offset : self.offset + self.per_page]

    def pages(self, count: int) -> int:
        """How many pages so many rows fill."""
        return min(max(1, -(-count // self.per_page)), MOST_PAGES)

    def filtered(self, *names: str) -> bool:
        """Whether any of these filters is set."""
        return any(self.query.get(name) for name in names)

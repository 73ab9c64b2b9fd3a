"""Money as whole pence: said in pounds, and read from what people type."""

import re
from decimal import Decimal
from typing import Final

_TYPED: Final = re.compile(r"^(?P<sign>-)?£?(?P<number>\d{1,3}(?:,\d{3})+|\d+)(?P<pence>\.\d{1,4})?(?P<scale>k|m|bn)?$", re.IGNORECASE)
_SCALE: Final = {"": 1, "k": 1_000, "m": 1_000_000, "bn": 1_000_000_000}


def pounds(pence: int) -> str:
    """Pence in pounds: `£1,234`, `£1,234.50`, `−£20`."""
    whole, rest = divmod(abs(pence), 100)
    return f"{'−' if pence < 0 else ''}£{whole:,}{f'.{rest:02}' if rest else ''}"


def pence_of(text: str) -> int:
    """What somebody typed, in pence: `1234`, `£1,234.50`, `£7.5m`, `200k`. Raises ValueError for anything else, and for parts of a penny."""
    found = _TYPED.match("".join(text.split()))
    if found is None:
        raise ValueError(f"`{text}` is no amount of money; write it in pounds, such as 1234.50, £1,234 or £7.5m")
    exact = Decimal(found["number"].replace(",", "") + (found["pence"] or "")) * _SCALE[(found["scale"] or "").lower()] * 100
    if exact != int(exact):
        raise ValueError(f"`{text}` has parts of a penny; write whole pence")
    return -int(exact) if found["sign"] else int(exact)

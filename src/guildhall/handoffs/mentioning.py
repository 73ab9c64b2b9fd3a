"""Whom a private note mentions: `@` and a name as the desk knows it."""

import re
from collections.abc import Mapping

from guildhall.vocabulary.handoffs import Adviser


def mentioned(text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of everybody whom `@Name` names, in their order, each once. `names` is names by id.

    The longest name that fits wins. A name that two people have names both: rather one reader too many than the wrong one.
    """
    by_name: dict[str, list[str]] = {}
    for staff_id, name in names.items():
        by_name.setdefault(name.casefold(), []).append(staff_id)
    if not by_name:
        return ()
    every = "|".join(re.escape(name) for name in sorted(by_name, key=len, reverse=True))
    found = [who for match in re.finditer(rf"(?<!\w)@({every})(?!\w)", text.casefold()) for who in by_name[match[1]]]
    return tuple(dict.fromkeys(found))


def may_be_mentioned(everyone: tuple[Adviser, ...], writer: str) -> dict[str, str]:
    """Names by id of everybody at the desk but the writer."""
    return {adviser.staff_id: adviser.name for adviser in everyone if adviser.staff_id != writer}

"""Whom a private note mentions: `@` and a name as the desk knows it."""

import re
from collections.abc import Mapping


def mentioned(text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of everybody whom `@Name` names, in their order, each once. `names` is names by id.

    A first name will do when only one person has it. The longest name that fits wins. A whole name that two people have names both:
    rather one reader too many than the wrong one.
    """
    by_name: dict[str, list[str]] = {}
    for staff_id, name in names.items():
        by_name.setdefault(name.casefold(), []).append(staff_id)
    firsts = [name.split()[0].casefold() for name in names.values() if name.split()]
    for staff_id, name in names.items():
        first = name.split()[0].casefold() if name.split() else ""
        if first and firsts.count(first) == 1:
            by_name.setdefault(first, [staff_id])
    if not by_name:
        return ()
    every = "|".join(re.escape(name) for name in sorted(by_name, key=len, reverse=True) if name)
    found = [who for match in re.finditer(rf"(?<!\w)@({every})(?!\w)", text.casefold()) for who in by_name[match[1]]]
    return tuple(dict.fromkeys(found))

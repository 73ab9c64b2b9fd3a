"""Checks the links of an opportunity: what it needs first, and what it cannot be done together with. Errors name the field."""

from collections.abc import Mapping
from difflib import get_close_matches

from guildhall.opportunities.register import Answer, Deciding, Details, Opportunity, Status
from guildhall.vocabulary.errors import RefusedError


class WrongLinkError(RefusedError):
    """A link that cannot be; `field` is `depends_on` or `excludes`."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def check_links(own: str, after: Details, others: Mapping[str, Opportunity]) -> None:
    """Refuse what cannot be: none such, itself, both at once, a circle, or needing what can never be chosen. Raises WrongLinkError."""
    for field in ("depends_on", "excludes"):
        for other in getattr(after, field):
            if other == own:
                raise WrongLinkError(field, f"an opportunity cannot need or exclude itself; take {own} out.")
            if other not in others:
                raise WrongLinkError(field, f"there is no opportunity {other} that it could need or exclude.")
    needed = _needed(own, after, others)
    for first, line in needed.items():
        if first == own:
            raise WrongLinkError("depends_on", f"it would need itself in a circle: {_said(line, own, after, others)}.")
    for other in after.depends_on:
        if why := _never(others[other]):
            raise WrongLinkError("depends_on", f"“{others[other].details.title}” can never be chosen, so nothing may need it: {why}")
    apart = {(own, other) for other in after.excludes}
    apart |= {(name, other) for name, each in others.items() if name != own for other in each.details.excludes}
    inside = {own, *needed}
    for one, other in sorted(apart):
        if one in inside and other in inside:
            said = f"“{_title(one, own, after, others)}” excludes “{_title(other, own, after, others)}”, and choosing this one would take both."
            raise WrongLinkError("excludes" if one == own else "depends_on", said)


def _needed(own: str, after: Details, others: Mapping[str, Opportunity]) -> dict[str, tuple[str, ...]]:
    """Everything it needs, directly or through others, each with the line that leads there; itself where a line comes back."""
    found: dict[str, tuple[str, ...]] = {}
    waiting: list[tuple[str, tuple[str, ...]]] = [(other, (own, other)) for other in after.depends_on]
    while waiting:
        name, line = waiting.pop(0)
        if name in found:
            continue
        found[name] = line
        if name != own and name in others:
            waiting += [(other, (*line, other)) for other in others[name].details.depends_on]
    return found


def _never(each: Opportunity) -> str:
    if each.status == Status.REFUSED:
        return "it was left out of the register."
    if each.details.deciding == Deciding.SOLELY_AUTOMATED:
        return "it would decide alone about people."
    if each.details.answer == Answer.STOP:
        return "its answer is to stop doing it."
    return ""


def _title(name: str, own: str, after: Details, others: Mapping[str, Opportunity]) -> str:
    return after.title if name == own else others[name].details.title if name in others else name


def _said(line: tuple[str, ...], own: str, after: Details, others: Mapping[str, Opportunity]) -> str:
    return " needs ".join(f"“{_title(name, own, after, others)}”" for name in line)


def named(text: str, others: Mapping[str, Opportunity]) -> tuple[tuple[str, ...], str]:
    """Ids from lines that hold an id or a title each, and what is wrong with the first line that names nothing."""
    titles: dict[str, list[str]] = {}
    for name, each in others.items():
        if each.status != Status.MERGED:
            titles.setdefault(each.details.title.casefold(), []).append(name)
    found: list[str] = []
    for line in text.replace(";", "\n").splitlines():
        words = " ".join(line.split())
        if not words:
            continue
        same = [words] if words in others else titles.get(words.casefold(), [])
        if len(same) == 1:
            found.append(same[0])
        elif same:
            return (), f"{len(same)} opportunities are called “{words[:80]}”; write the id of one: {', '.join(same[:3])}"
        else:
            near = get_close_matches(words.casefold(), titles, 1, 0.6)
            hint = f"; did you mean “{others[titles[near[0]][0]].details.title}”?" if near else "; write its id or its whole title"
            return (), f"“{words[:80]}” is not an opportunity{hint}"
    return tuple(dict.fromkeys(found)), ""

"""How often a resident reached the right team, as the advisers said when they wrapped up. Never a share without how many it is of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from guildhall.vocabulary.shares import Share


@dataclass(frozen=True, slots=True)
class Ending:
    """One conversation that was wrapped up with an answer to "was this the right team?"."""

    queue: str
    service: str
    right_team: bool
    right_queue: str = ""


@dataclass(frozen=True, slots=True)
class Misdirection:
    """What was wrapped up, and how much of it had reached a team that it was not for. `went_to` counts which team was right."""

    name: str
    wrong: Share
    went_to: tuple[tuple[str, int], ...] = ()


def misdirection(endings: Iterable[Ending], by: Callable[[Ending], str]) -> list[Misdirection]:
    """Counted by queue or by service, the most often wrong first. Whatever has no name for `by` is left out."""
    groups: dict[str, list[Ending]] = {}
    for ending in endings:
        if name := by(ending):
            groups.setdefault(name, []).append(ending)
    made = [_together(name, group) for name, group in groups.items()]
    return sorted(made, key=lambda one: (-one.wrong.hits, -one.wrong.of, one.name))


def overall(endings: Iterable[Ending]) -> Misdirection:
    """All of them together."""
    return _together("", list(endings))


def _together(name: str, group: list[Ending]) -> Misdirection:
    wrong = [ending for ending in group if not ending.right_team]
    went: dict[str, int] = {}
    for ending in wrong:
        if ending.right_queue:
            went[ending.right_queue] = went.get(ending.right_queue, 0) + 1
    return Misdirection(name, Share(len(wrong), len(group)), tuple(sorted(went.items(), key=lambda pair: (-pair[1], pair[0]))))

"""How far a simulation has come, in a small file beside its database: written whole or not at all."""

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from guildhall.simulation.running import Return
from guildhall.vocabulary.errors import ConfigurationError

NAME: Final = "simulation.json"


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for. The same plan with the same council and version gives the same contacts. `first` is the first day."""

    council: str
    contacts: int
    days: int
    seed: int
    first: date
    distress: float
    advisers: int
    fast: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How far it has come: how many contacts have begun, who comes again, and whether it is done."""

    plan: Plan
    begun: int = 0
    returns: tuple[Return, ...] = ()
    finished: bool = False


def write_standing(folder: Path, standing: Standing) -> None:
    """Put it in place of what was there."""
    draft = folder / f"{NAME}.{os.getpid()}"
    draft.write_text(json.dumps(asdict(standing), indent=1, default=lambda value: value.isoformat()) + "\n", "utf-8")
    draft.replace(folder / NAME)


def read_standing(folder: Path) -> Standing | None:
    """What is written there; None when nothing is. Raises ConfigurationError for a file that cannot be read."""
    path = folder / NAME
    if not path.exists():
        return None
    try:
        found = json.loads(path.read_text("utf-8"))
        plan = Plan(**{**found["plan"], "first": date.fromisoformat(found["plan"]["first"])})
        return Standing(plan, int(found["begun"]), tuple(map(_return, found["returns"])), bool(found["finished"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(
            "it does not say how far the simulation came.", file=path, fix="Take the folder away, or choose another with --into."
        ) from error


def going_on(folder: Path, plan: Plan) -> Standing:
    """Where this plan goes on, or its beginning. Raises ConfigurationError when the folder holds another plan, or this one and it is done."""
    found = read_standing(folder)
    if found is None:
        return Standing(plan)
    if replace(found.plan, first=plan.first) != plan and found.plan != plan:
        raise ConfigurationError(
            f"it holds another simulation: {in_words(found.plan)}.", file=folder / NAME, fix="Choose another folder with --into."
        )
    if found.finished:
        raise ConfigurationError(
            f"this simulation is there already: {in_words(found.plan)}.",
            file=folder / NAME,
            fix="Look at it, take the folder away, or choose another with --into.",
        )
    return found


def in_words(plan: Plan) -> str:
    """A plan as a person says it."""
    fast = ", without models" if plan.fast else ""
    return f"{plan.contacts:,} contacts over {plan.days} days from {plan.first.isoformat()}, seed {plan.seed}{fast}"


def _return(found: dict[str, Any]) -> Return:
    return Return(**{**found, "due_at": datetime.fromisoformat(found["due_at"])})

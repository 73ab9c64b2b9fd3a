"""Loads the demo into a register: workshops, opportunities, gates and scores in one transaction, and one portfolio over them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from guildhall.bootstrap.long_work import Progress
from guildhall.bootstrap.opportunities import Opportunities
from guildhall.opportunities.choosing import Asked
from guildhall.opportunities.demo.making import OPPORTUNITIES, RULES, WEIGHTS, WORKSHOPS, Demo, make_demo
from guildhall.opportunities.register import Status
from guildhall.opportunities.robustness import Doubt
from guildhall.vocabulary.errors import RefusedError

BY = "demo"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the demo put in."""

    workshops: int
    opportunities: int
    run: str


def load_demo(
    opportunities: Opportunities,
    *,
    seed: int = 1,
    draws: int = 60,
    beside: bool = False,
    progress: Progress = lambda _done, _all: None,
    workshops: int = WORKSHOPS,
    count: int = OPPORTUNITIES,
) -> Loaded:
    """Load it. Raises RefusedError for a register that holds something already, unless `beside`, and for one that holds the demo."""
    register = opportunities.register
    if any(each.demo for each in register.workshops()):
        raise RefusedError("the demo is in this register already.")
    if register.count() and not beside:
        raise RefusedError(
            "this register is not empty; a demo belongs into an empty one. Say --beside to load it all the same: it stays marked as a demo."
        )
    at = opportunities.clock()
    made = _with_own_ids(make_demo(seed, at, workshops, count), register.new_id)
    with register.database.writing() as connection:
        register.write_workshops(connection, made.workshops, BY, at)
        register.write(connection, made.opportunities, BY, at)
        register.write_gates(connection, made.gates, BY, at)
        opportunities.scores.write(connection, made.scores)
        for opportunity, why in made.refused:
            register.changed(connection, opportunity, BY, at, Status.REFUSED.value, {}, why)
    run = opportunities.choose("Demo: the first year", Asked(RULES, WEIGHTS, Doubt(draws, seed)), BY, progress)
    return Loaded(len(made.workshops), len(made.opportunities), run)


def _with_own_ids(made: Demo, new_id: Callable[[str], str]) -> Demo:
    """The demo with ids of this register, so that two registers of one database may hold it."""
    ids = {each.id: new_id("opportunity") for each in made.opportunities}
    halls = {each.id: new_id("workshop") for each in made.workshops}
    return Demo(
        workshops=[replace(each, id=halls[each.id]) for each in made.workshops],
        opportunities=[
            replace(
                each,
                id=ids[each.id],
                quotes=tuple(replace(quote, workshop=halls[quote.workshop]) for quote in each.quotes),
                details=replace(
                    each.details,
                    depends_on=tuple(ids[other] for other in each.details.depends_on),
                    excludes=tuple(ids[other] for other in each.details.excludes),
                ),
            )
            for each in made.opportunities
        ],
        refused=[(ids[name], why) for name, why in made.refused],
        gates=[(ids[name], gate, state, why) for name, gate, state, why in made.gates],
        scores=[(ids[name], scores) for name, scores in made.scores],
    )

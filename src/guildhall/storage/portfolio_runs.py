"""Runs of the portfolio: what was asked of which candidates, and what came of it, so that a run can be computed again; and what people did with it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select

from guildhall.opportunities.breaking import Broken, broken_rules
from guildhall.opportunities.choosing import Asked, Run, with_running
from guildhall.opportunities.objective import Judged, Money, Unvalued
from guildhall.opportunities.portfolio import Candidate, Constraints, Solved
from guildhall.opportunities.robustness import Doubt
from guildhall.opportunities.scoring import Head
from guildhall.opportunities.worth import Pounds
from guildhall.storage.opportunities import SHORTEST_REASON, OpportunityStore
from guildhall.storage.opportunities_schema import portfolio_choices, portfolio_runs
from guildhall.vocabulary.benefits import Column
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import EventKind

ADD: Final = "add"
REMOVE: Final = "remove"
BENEFIT: Final = "benefit"


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody did with a run."""

    what: str
    opportunity: str
    benefit: str
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run as it was stored. `result` is JSON-like: chosen, value, cost, robust, standings, frontier, turning, ranked, broken, out."""

    id: str
    name: str
    by: str
    at: datetime
    asked: Asked
    judged: tuple[Judged, ...]
    solved: Solved
    gap: float
    seconds: float
    result: Mapping[str, Any]
    choices: tuple[Choice, ...] = field(default=())

    @property
    def overruled(self) -> dict[str, Choice]:
        """The newest overruling of each opportunity that stands against what the optimiser chose."""
        optimal = set(self.result["chosen"])
        newest = {choice.opportunity: choice for choice in self.choices if choice.what in (ADD, REMOVE)}
        return {name: choice for name, choice in newest.items() if (choice.what == ADD) != (name in optimal)}

    @property
    def chosen(self) -> tuple[str, ...]:
        """What is chosen after overruling."""
        over = self.overruled
        kept = [name for name in self.result["chosen"] if name not in over]
        return (*kept, *(name for name, choice in over.items() if choice.what == ADD))

    @property
    def broken(self) -> tuple[Broken, ...]:
        """Which rules the chosen set breaks since the board overruled it; none when nothing was overruled."""
        if not self.overruled:
            return ()
        candidates = [each.candidate for each in with_running(self.judged, self.asked.constraints.run_years)]
        return broken_rules(candidates, self.asked.constraints, self.chosen)

    @property
    def benefits(self) -> dict[str, str]:
        """The ledger's row of each opportunity that has one."""
        return {choice.opportunity: choice.benefit for choice in self.choices if choice.what == BENEFIT}


class PortfolioStore:
    """Portfolio runs of one council."""

    def __init__(self, register: OpportunityStore) -> None:
        self._register = register

    def keep(
        self, name: str, asked: Asked, judged: Sequence[Judged], found: Run, out: Mapping[str, Sequence[str]], by: str, at: datetime
    ) -> str:
        """Keep a run; its id."""
        best, run_id = found.portfolio, self._register.new_id("run")
        row = {
            "id": run_id, "council": self._register.council, "name": name, "by": by, "at": at,
            "asked": json.dumps(asdict(asked), ensure_ascii=False), "judged": json.dumps([asdict(each) for each in judged], ensure_ascii=False),
            "solved": best.solved.value, "gap": best.gap, "seconds": best.seconds, "result": json.dumps(_result(found, out), ensure_ascii=False),
        }  # fmt: skip
        with self._register.database.writing() as connection:
            connection.execute(insert(portfolio_runs).values(**row))
            facts = {
                "run": run_id,
                "by": by,
                "solved": best.solved.value,
                "gap": best.gap,
                "seed": asked.doubt.seed,
                "draws": asked.doubt.draws,
            }
            self._register.note(connection, EventKind.PORTFOLIO_RUN, at, facts | {"candidates": len(judged), "chosen": len(best.chosen)})
        return run_id

    def overrule(self, run_id: str, what: str, opportunity_id: str, why: str, by: str, at: datetime) -> None:
        """Add to what a run chose, or take away, with a reason. Raises RefusedError for what the gates exclude and for what changes nothing."""
        if what not in (ADD, REMOVE):
            raise RefusedError("an overruling adds or removes.")
        if len(why.strip()) < SHORTEST_REASON:
            raise RefusedError("say why, in a few words: the reason stays with the portfolio.", field="why")
        kept = self.get(run_id)
        if (opportunity_id in kept.chosen) == (what == ADD):
            raise RefusedError("it is chosen already." if what == ADD else "it is not chosen.")
        if what == ADD and opportunity_id in kept.result["out"]:
            raise RefusedError(f"it may not be chosen by anybody: {kept.result['out'][opportunity_id][0]}")
        if what == ADD and opportunity_id not in {each.candidate.id for each in kept.judged}:
            raise RefusedError("it was no candidate of this run; run the portfolio again.")
        if opportunity_id in kept.benefits:
            raise RefusedError("it has a row in the ledger already; it is stopped there.")
        with self._register.database.writing() as connection:
            self._choose(connection, run_id, Choice(what, opportunity_id, "", why.strip(), by, at))

    def opened_benefit(self, run_id: str, opportunity_id: str, benefit: str, by: str, at: datetime) -> None:
        """Say which row of the ledger stands for a chosen opportunity."""
        with self._register.database.writing() as connection:
            self._choose(connection, run_id, Choice(BENEFIT, opportunity_id, benefit, "", by, at))

    def get(self, run_id: str) -> KeptRun:
        """One run. Raises NotFoundError."""
        with self._register.database.reading() as connection:
            query = select(portfolio_runs).where(portfolio_runs.c.council == self._register.council, portfolio_runs.c.id == run_id)
            row = connection.execute(query).one_or_none()
            if row is None:
                raise NotFoundError(f"there is no portfolio {run_id}.")
            chosen = (
                select(portfolio_choices).where(portfolio_choices.c.run == run_id).order_by(portfolio_choices.c.at, portfolio_choices.c.id)
            )
            choices = tuple(
                Choice(each.what, each.opportunity, each.benefit, each.why, each.by, each.at) for each in connection.execute(chosen)
            )
        return _run(row, choices)

    def all(self) -> tuple[KeptRun, ...]:
        """Every run, the newest first, without what people did with them."""
        query = select(portfolio_runs).where(portfolio_runs.c.council == self._register.council)
        with self._register.database.reading() as connection:
            rows = connection.execute(query.order_by(portfolio_runs.c.at.desc(), portfolio_runs.c.id.desc())).all()
        return tuple(_run(row, ()) for row in rows)

    def _choose(self, connection: Connection, run_id: str, choice: Choice) -> None:
        connection.execute(insert(portfolio_choices).values(id=self._register.new_id("choice"), run=run_id, **asdict(choice)))
        facts = {"run": run_id, "what": choice.what, "opportunity": choice.opportunity, "by": choice.by, "benefit": choice.benefit}
        self._register.note(connection, EventKind.PORTFOLIO_CHOSEN, choice.at, facts)


def _result(found: Run, out: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    best, ranked = found.portfolio, found.ranked
    return {
        "chosen": list(best.chosen), "value": best.value, "cost_pence": best.cost_pence, "headline": found.headline,
        "standings": [asdict(each) | {"robust": each.robust, "contested": each.contested} for each in found.robust.standings],
        "without": found.robust.without, "frontier": [asdict(point) for point in found.frontier],
        "turning": [asdict(each) for each in found.turning],
        "ranked": {"chosen": list(ranked.chosen), "value": ranked.value, "cost_pence": ranked.cost_pence},
        "broken": [asdict(each) for each in found.broken], "out": {name: list(reasons) for name, reasons in out.items()},
    }  # fmt: skip


def _run(row: Row[Any], choices: tuple[Choice, ...]) -> KeptRun:
    asked = json.loads(row.asked)
    weights, money = {Head(head): weight for head, weight in asked["weights"].items()}, asked.get("money")
    kept = Asked(
        Constraints(**asked["constraints"]), weights, Doubt(**asked["doubt"]),
        Money(Column(money["column"]), money["haircut_percent"], Unvalued(money["unvalued"])) if money else None,
    )  # fmt: skip
    judged = tuple(
        Judged(
            Candidate(**each["candidate"] | {name: tuple(each["candidate"][name]) for name in ("depends_on", "excludes")}),
            {Head(head): points for head, points in each["points"].items()},
            Pounds(**each["pounds"]) if each.get("pounds") else None,
            each.get("run_cost_pence_pa", 0),
        )
        for each in json.loads(row.judged)
    )
    solved = Solved(row.solved)
    return KeptRun(row.id, row.name, row.by, row.at, kept, judged, solved, row.gap, row.seconds, json.loads(row.result), choices)

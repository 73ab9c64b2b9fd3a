"""A register over a database of a test's own."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from guildhall.opportunities.register import Answer, Details, Quote, Status
from guildhall.opportunities.scoring import BY_KEY
from guildhall.storage import opportunities_schema
from guildhall.storage.opportunities import OpportunityStore
from guildhall.storage.opportunity_merging import MergingStore
from guildhall.storage.opportunity_scoring import ScoreStore
from guildhall.storage.portfolio_runs import PortfolioStore
from guildhall.storage.trail import TrailReader
from guildhall.vocabulary.events import EventKind
from tests.storage.memory import NOW, Memory


class Register:
    """One council's register, with a clock that moves a minute each time it is looked at."""

    def __init__(self, folder: Path) -> None:
        assert opportunities_schema.opportunities is not None
        self.memory = Memory(folder / "o.sqlite3")
        self.store = OpportunityStore(self.memory.database, "testshire", self.memory.new_id)
        self.merging, self.scores, self.runs = MergingStore(self.store), ScoreStore(self.store), PortfolioStore(self.store)
        self._now = NOW

    def now(self) -> Any:
        self._now += timedelta(minutes=1)
        return self._now

    def add(self, title: str = "Copying", status: Status = Status.ACCEPTED, quotes: tuple[Quote, ...] = (), **details: Any) -> str:
        known = Details(**({"title": title, "problem": "Typed twice.", "answer": Answer.AI} | details))
        return self.store.add([(known, quotes)], "ann", self.now(), status)[0]

    def score(self, opportunity: str, scorer: str, value: int) -> None:
        self.scores.give(opportunity, scorer, dict.fromkeys(BY_KEY, (value, "")), self.now())

    def events(self, kind: EventKind) -> list[dict[str, Any]]:
        return [dict(event.facts) for event in reversed(TrailReader(self.memory.database).of_council(kind.value, None, 100))]

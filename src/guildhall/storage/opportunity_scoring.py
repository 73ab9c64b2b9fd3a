"""Scores, only ever added. Who has not given their own can read nobody else's: the store does not hand them out."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, insert, select, update

from guildhall.opportunities.register import Status
from guildhall.opportunities.scoring import BY_KEY, HIGHEST, LOWEST, Head, Score, complete, head_scores, visible_to
from guildhall.storage.opportunities import OpportunityStore
from guildhall.storage.opportunities_schema import opportunities, opportunity_scores
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import EventKind


class ScoreStore:
    """Scores of one council's register."""

    def __init__(self, register: OpportunityStore) -> None:
        self._register = register

    def give(self, opportunity_id: str, scorer: str, values: Mapping[str, tuple[int, str]], at: datetime) -> None:
        """Keep one person's scores: value and comment by criterion. Raises RefusedError for a value or criterion that is none, and for what is not in the register."""
        for key, (value, _) in values.items():
            if key not in BY_KEY:
                raise RefusedError(f"there is no criterion `{key}`; there are {', '.join(BY_KEY)}.")
            if not LOWEST <= value <= HIGHEST:
                raise RefusedError(f"`{key}` takes {LOWEST} to {HIGHEST}, not {value}.")
        if not values:
            raise RefusedError("give at least one score.")
        with self._register.database.writing() as connection:
            found = self._register.one(connection, opportunity_id)
            if found.status != Status.ACCEPTED:
                raise RefusedError("only what is in the register is scored; accept it first.")
            scores = [Score(key, scorer, value, comment.strip(), at) for key, (value, comment) in values.items()]
            self.write(connection, [(opportunity_id, scores)])

    def write(self, connection: Connection, given: Sequence[tuple[str, Sequence[Score]]]) -> None:
        """The same in the caller's transaction. Events say who scored what, and not how."""
        rows = [
            {
                "id": self._register.new_id("score"), "council": self._register.council, "opportunity": name, "criterion": score.criterion,
                "scorer": score.scorer, "value": score.value, "comment": score.comment, "at": score.at,
            }
            for name, scores in given
            for score in scores
        ]  # fmt: skip
        connection.execute(insert(opportunity_scores), rows)
        for name, scores in given:
            for scorer in dict.fromkeys(score.scorer for score in scores):
                facts = {
                    "opportunity": name,
                    "by": scorer,
                    "criteria": sorted(score.criterion for score in scores if score.scorer == scorer),
                }
                self._register.note(connection, EventKind.OPPORTUNITY_SCORED, scores[0].at, facts)

    def reveal(self, opportunity_id: str, by: str, at: datetime) -> None:
        """Show all scores to everybody from now on. Raises RefusedError before anybody scored."""
        with self._register.database.writing() as connection:
            found = self._register.one(connection, opportunity_id)
            if found.revealed:
                raise RefusedError("its scores are shown to everybody already.")
            query = select(opportunity_scores.c.id).where(opportunity_scores.c.opportunity == opportunity_id).limit(1)
            if connection.execute(query).first() is None:
                raise RefusedError("nobody has scored it yet.")
            connection.execute(update(opportunities).where(opportunities.c.id == opportunity_id).values(revealed=True))
            self._register.changed(connection, opportunity_id, by, at, "revealed", {"revealed": [False, True]})

    def seen_by(self, scorer: str) -> dict[str, tuple[Score, ...]]:
        """By opportunity what somebody may see: everything once they gave their own or it was revealed, else their own."""
        shown = {each.id: each.revealed for each in self._register.everything()}
        return {name: visible_to(scorer, scores, shown.get(name, False)) for name, scores in self._all().items()}

    def of(self, opportunity_id: str, scorer: str) -> tuple[Score, ...]:
        """The same for one opportunity."""
        return visible_to(scorer, self._all(opportunity_id).get(opportunity_id, []), self._register.get(opportunity_id).revealed)

    def scorers(self, opportunity_id: str) -> tuple[str, ...]:
        """Who has answered every criterion, in the order they did. That somebody scored is no secret; how is."""
        scores = self._all(opportunity_id).get(opportunity_id, [])
        return tuple(name for name in dict.fromkeys(score.scorer for score in scores) if complete(scores, name))

    def done_by(self, scorer: str) -> frozenset[str]:
        """What somebody has scored in full."""
        return frozenset(name for name, scores in self._all().items() if complete(scores, scorer))

    def heads(self) -> dict[str, dict[Head, float]]:
        """The mean under each head, by opportunity: for choosing, never for a page that a scorer sees before their own."""
        return {name: head_scores(scores) for name, scores in self._all().items()}

    def _all(self, opportunity_id: str = "") -> dict[str, list[Score]]:
        query = select(opportunity_scores).where(opportunity_scores.c.council == self._register.council)
        if opportunity_id:
            query = query.where(opportunity_scores.c.opportunity == opportunity_id)
        found: dict[str, list[Score]] = {}
        with self._register.database.reading() as connection:
            for row in connection.execute(query.order_by(opportunity_scores.c.at, opportunity_scores.c.id)):
                found.setdefault(row.opportunity, []).append(_score(row))
        return found


def _score(row: Row[tuple[object, ...]]) -> Score:
    return Score(row.criterion, row.scorer, row.value, row.comment, row.at)

"""Other orders: the register by RICE and WSJF with their definitions, from scores that the reader may see, and a way to find weights."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from starlette.responses import Response

from guildhall.opportunities.asking import DEFAULT_WEIGHTS
from guildhall.opportunities.choosing import points
from guildhall.opportunities.gates import barred
from guildhall.opportunities.objective import HEADS, shares_of
from guildhall.opportunities.orders import RICE, WSJF, Ranks, ranks_of
from guildhall.opportunities.pairwise import ACCEPTED, PAIRS, SAYINGS, answer_of, weigh
from guildhall.opportunities.register import Opportunity, Status
from guildhall.opportunities.scoring import HEAD_LABELS, Head, Score, head_scores
from guildhall.opportunities.worth import Pounds, pounds_of
from guildhall.vocabulary.benefits import COLUMN_LABELS, Column
from guildhall.web.console.listing import Listing
from guildhall.web.console.next.answers import as_csv
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import WITH_VALUE, Group, Section
from guildhall.web.console.visit import Visit

PATH = "/console/next/orders"
COLUMNS: Final = (
    "id", "title", "points", "rice", "wsjf", "reach", "impact", "confidence", "effort_months", "delay", "council_cash", "avoided_cost", "reinvested_capacity",
    "resident_benefit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One opportunity in every order. `points` is None where its scores may not be seen yet; `barred` where it may not be chosen."""

    each: Opportunity
    points: float | None
    ranks: Ranks
    worth: Pounds | None
    barred: bool


def _most_first(value: Callable[[Line], float | None]) -> Callable[[Line], Any]:
    """The largest first, and what is not known last."""
    return lambda line: (value(line) is None, -(value(line) or 0.0), line.each.details.title.casefold())


def _of(column: Column) -> Callable[[Line], float | None]:
    return lambda line: None if line.worth is None else float(line.worth.of(column))


ORDERS: Final[Mapping[str, Callable[[Line], Any]]] = {
    "points": _most_first(lambda line: line.points),
    "rice": _most_first(lambda line: line.ranks.rice),
    "wsjf": _most_first(lambda line: line.ranks.wsjf),
    **{column.value: _most_first(_of(column)) for column in Column},
}


def add_routes(routes: Routes) -> None:
    """`/console/next/orders`, as a file, and `/console/next/orders/weights`."""

    @routes.reads(PATH)
    def orders(visit: Visit) -> Response:
        lines = _lines(visit)
        listing = Listing(PATH, visit.query, ORDERS)
        values: dict[str, Any] = {
            "rows": listing.cut(lines),
            "count": len(lines),
            "hidden": sum(line.points is None for line in lines),
            "rice": RICE,
            "wsjf": WSJF,
        }
        return visit.show("next/orders.html", listing=listing, columns=[(column, COLUMN_LABELS[column][0]) for column in Column], **values)

    @routes.reads(PATH + ".csv")
    def file(visit: Visit) -> Response:
        rows = [
            {"id": line.each.id, "title": line.each.details.title, "points": line.points}
            | asdict(line.ranks)
            | ({} if line.worth is None else asdict(line.worth))
            for line in sorted(_lines(visit), key=ORDERS["points"])
        ]
        return as_csv("orders", COLUMNS, [{name: "" if value is None else value for name, value in row.items()} for row in rows])

    @routes.reads(PATH + "/weights")
    def weights(visit: Visit) -> Response:
        given = {pair: answer_of(visit.query.get(_field(*pair), "")) for pair in PAIRS}
        known = {pair: value for pair, value in given.items() if value is not None}
        asked = any(_field(*pair) in visit.query for pair in PAIRS)
        troubles = {
            _field(*pair): f"Choose how {_name(pair[0])} and {_name(pair[1])} compare" for pair in PAIRS if asked and pair not in known
        }
        pairs = [(_field(*pair), *(_name(head) for head in pair), _choices(*pair), visit.query.get(_field(*pair), "")) for pair in PAIRS]
        values: dict[str, Any] = {"pairs": pairs, "troubles": troubles, "weighed": weigh(known) if len(known) == len(PAIRS) else None}
        heads = [(head.value, *HEAD_LABELS[head]) for head in Head]
        return visit.show("next/weights.html", 400 if troubles else 200, heads=heads, accepted=ACCEPTED, **values)


def _lines(visit: Visit) -> list[Line]:
    """Every accepted opportunity with the scores that this reader may see: before their own they see nobody else's, and no order of them."""
    opportunities, me = visit.console.opportunities, str(visit.member.id)
    seen, gates = opportunities.scores.seen_by(me), opportunities.register.gates()
    shares = shares_of({head: float(weight) for head, weight in DEFAULT_WEIGHTS.items()})
    found = []
    for each in opportunities.register.everything():
        if each.status != Status.ACCEPTED:
            continue
        scores: tuple[Score, ...] = seen.get(each.id, ())
        if not each.revealed and all(score.scorer == me for score in scores):
            scores = ()
        given = points(head_scores(scores))
        whole = sum(given[head] * float(shares[n]) for n, head in enumerate(HEADS)) if len(given) == len(HEADS) else None
        found.append(Line(each, whole, ranks_of(each.details, scores), pounds_of(each.details), bool(barred(each, gates.get(each.id, {})))))
    return found


def _field(one: Head, other: Head) -> str:
    return f"{one.value}_{other.value}"


def _name(head: Head) -> str:
    return HEAD_LABELS[head][0].lower()


def _choices(one: Head, other: Head) -> list[tuple[str, str]]:
    """From far more to far less, as `5` and `1/5`."""
    more = [
        (str(size), f"{_name(one).capitalize()} counts {words} {'as' if size == 1 else 'than'} {_name(other)}")
        for size, words in SAYINGS.items()
    ]
    less = [
        (f"1/{size}", f"{_name(other).capitalize()} counts {words} than {_name(one)}")
        for size, words in sorted(SAYINGS.items())
        if size > 1
    ]
    return more + less


SECTION = Section(
    PATH, "Other orders", "The register sorted by RICE, WSJF, points or pounds, and a way to find weights. No portfolio is chosen by these.",
    Group.NEXT, add_routes, readers=WITH_VALUE,
)  # fmt: skip

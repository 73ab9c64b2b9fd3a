"""The values that the page of one portfolio run shows: its totals, how sure it is, the filtered rows, and what another budget would change."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from guildhall.opportunities.asking import form_of
from guildhall.opportunities.objective import UNVALUED_LABELS, explained, name_of
from guildhall.opportunities.portfolio import SOLVED_LABELS
from guildhall.opportunities.register import Opportunity
from guildhall.opportunities.scoring import HEAD_LABELS, Head
from guildhall.opportunities.sums import sums_of
from guildhall.opportunities.tables import portfolio_rows, what_would_have_to_be_true
from guildhall.storage.portfolio_runs import KeptRun
from guildhall.vocabulary.benefits import COLUMN_LABELS, Column
from guildhall.web.console.next.portfolio_charts import frontier_chart, inclusion_chart, map_chart

Row = Mapping[str, Any]
SHOWS: Final[dict[str, str]] = {
    "chosen": "Chosen",
    "robust": "Robust",
    "contested": "Contested",
    "left": "Not chosen",
    "overruled": "Overruled by the board",
    "unvalued": "Not valued in pounds",
}
FIRST: Final = "chosen"
"""What a page begins with: all that could be chosen is asked for by an empty `show`."""


def run_values(kept: KeptRun, titles: Mapping[str, Opportunity], query: Mapping[str, str], path: str) -> dict[str, Any]:
    """What the template needs."""
    rows = portfolio_rows(kept.result, kept.chosen, titles, kept.judged, kept.asked)
    shown = [row for row in rows if _wanted(row, query, kept)]
    sums = sums_of(kept.judged, kept.asked.weights, kept.chosen)
    contested = [row | {"true": what_would_have_to_be_true(row, kept.asked)} for row in rows if row["contested"]]
    at = _at(kept, query)
    return {
        "kept": kept, "titles": titles, "rows": shown, "all_rows": rows, "chosen": [row for row in rows if row["chosen"]], "contested": contested,
        "left": [row for row in rows if not row["chosen"]], "solved": SOLVED_LABELS[kept.solved], "asked": form_of(kept.asked), "money": kept.asked.money,
        "sums": sums, "robust": sum(row["robust"] for row in rows), "demo": any(each.demo for each in titles.values()), "broken": _broken(kept, titles),
        "columns": [(column, *COLUMN_LABELS[column]) for column in Column], "explained": explained(kept.asked.money), "objective": name_of(kept.asked.money),
        "unvalued": [row for row in rows if not row["valued"]], "unvalued_label": UNVALUED_LABELS[kept.asked.money.unvalued] if kept.asked.money else None,
        "shows": list(SHOWS.items()), "show": query.get("show", FIRST), "directorates": sorted({row["directorate"] for row in rows if row["directorate"]}),
        "heads": [(head.value, HEAD_LABELS[head][0]) for head in Head], "at": at, "apart": _apart(kept, at, titles) if at is not None else None,
        "charts_of": _charts(kept, rows, shown, path) if kept.result["chosen"] else {},
    }  # fmt: skip


def _broken(kept: KeptRun, titles: Mapping[str, Opportunity]) -> list[tuple[str, str]]:
    """What overruling breaks: whom it is about, and a sentence with titles in place of ids."""
    found = []
    for each in kept.broken:
        text = each.text
        for name, known in titles.items():
            text = text.replace(name, f"“{known.details.title}”")
        found.append((each.about, text))
    return found


def _charts(kept: KeptRun, rows: Sequence[Row], shown: Sequence[Row], path: str) -> dict[str, Any]:
    file = f"{path}/chosen.csv"
    return {"frontier": frontier_chart(kept, path), "inclusion": inclusion_chart(kept, rows, file), "map": map_chart(kept, shown, file)}


def _wanted(row: Row, query: Mapping[str, str], kept: KeptRun) -> bool:
    words, show = query.get("q", "").casefold().split(), query.get("show", FIRST)
    fits = {
        "chosen": row["chosen"], "robust": row["robust"], "contested": row["contested"], "left": not row["chosen"],
        "overruled": row["id"] in kept.overruled, "unvalued": not row["valued"],
    }  # fmt: skip
    return (
        fits.get(show, True)
        and query.get("directorate", "") in ("", row["directorate"])
        and all(word in row["title"].casefold() for word in words)
    )


def _at(kept: KeptRun, query: Mapping[str, str]) -> int | None:
    text = query.get("at", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 and int(text) < len(kept.result["frontier"]) else None


def _apart(kept: KeptRun, at: int, titles: Mapping[str, Opportunity]) -> dict[str, Any]:
    """What the best set of another budget would have that this one has not, and the other way round."""
    point, here = kept.result["frontier"][at], set(kept.result["chosen"])
    there = set(point.get("chosen", ()))

    def named(ids: set[str]) -> list[tuple[str, str]]:
        return sorted(((name, titles[name].details.title if name in titles else name) for name in ids), key=lambda pair: pair[1])

    return {"point": point, "more": named(there - here), "fewer": named(here - there)}

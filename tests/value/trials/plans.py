"""A trial as tests plan it, over a small book of measures."""

import json
from typing import Any

from guildhall.value.measures.book import MeasureBook, book_of
from guildhall.value.measures.config import ValueFile
from guildhall.value.trials.config import TrialsFile
from guildhall.value.trials.plan import TrialPlan, plans_of

ENTRY: dict[str, Any] = {
    "question": "Do shorter answers help more?", "new_way": "short_answers", "from": "2026-11-01", "until": "2026-12-31", "share": 0.5,
    "measure": "met", "expected": 0.45, "worth_seeing": 0.06, "contacts": 4000, "owner": "A programme lead",
}  # fmt: skip


def book() -> MeasureBook:
    share = {"label": "A share", "about": "A share of contacts.", "unit": "share", "source": "Made for a test."}
    file = {
        "counts": {
            "everyone": {"of": "contacts"}, "by_web": {"of": "contacts", "where": {"channel": "web"}}, "turned": {"of": "turns"},
            "yes": {"of": "contacts", "where": {"rung": "verified"}}, "known": {"of": "contacts", "where": {"again_7d": "is known"}},
        },
        "measures": {
            "met": share | {"formula": "share(yes of everyone)"},
            "met_on_web": share | {"formula": "share(yes of by_web)"},
            "again": share | {"formula": "share(yes of known)"},
            "some": share | {"formula": "everyone", "unit": "count"},
            "cut": share | {"formula": "share(yes of everyone)", "exclude": [{"of": "contacts", "where": {"distress": True}, "why": "They are cared for."}]},
        },
    }  # fmt: skip
    return book_of(ValueFile.model_validate_json(json.dumps(file)))


def plan(within: MeasureBook | None = None, /, **changed: Any) -> TrialPlan:
    """A plan over the small book, or `within` a council's own."""
    file = TrialsFile.model_validate_json(json.dumps({"trials": {"t": ENTRY | changed}}))
    return plans_of(file, within or book())["t"]

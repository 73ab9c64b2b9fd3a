"""Turns what is known of an opportunity into text fields and back. The page and the command both use it. Errors name the field."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from guildhall.opportunities.links import named
from guildhall.opportunities.register import DATA_CLASSES, Answer, Deciding, Details, Opportunity, TimeGoes

SHORTEST_TITLE: Final = 5
MOST_LINES: Final = 30
MONEY: Final = {
    "staff_pounds_an_hour": ("staff_pence_an_hour", 1_000),
    "cost_pounds": ("cost_pence", 10**8),
    "run_cost_pounds": ("run_cost_pence_pa", 10**8),
}
MONEY_OR_NOTHING: Final = {
    "cash_pounds": ("cash_pence_pa", 10**8),
    "avoided_pounds": ("avoided_pence_pa", 10**8),
    "resident_pounds": ("resident_pence_pa", 10**8),
}
"""Amounts a year that are left empty where nobody has said: empty is not nothing."""
LINES: Final = {"title": 200, "process_step": 80, "directorate": 80, "owner": 120, "cash_act": 200}
TICKS: Final = ("safeguarding_risk", "must_have")
KEPT: Final = ("answer", "deciding", "time_goes")
FIELDS: Final = (
    *LINES, "problem", "volume_pa", "minutes_each", "error_percent", "saves_percent", *MONEY, *MONEY_OR_NOTHING, *KEPT, *TICKS, "data_classes",
    "affected_groups", "team_days", "depends_on", "excludes",
)  # fmt: skip
LABELS: Final = {
    "answer": "What would meet the need", "title": "Title", "problem": "The problem", "directorate": "Directorate", "process_step": "Step of the process",
    "owner": "Owner", "volume_pa": "How many a year", "minutes_each": "Minutes of staff time each",
    "error_percent": "How many have to be done again after a mistake", "saves_percent": "How much of that time it would save",
    "staff_pounds_an_hour": "What an hour of staff time costs", "time_goes": "What would happen with the time saved",
    "cash_pounds": "Other cash that it would release in a year", "cash_act": "What act would take that cash out of a budget",
    "avoided_pounds": "Other cost that it would avoid in a year", "resident_pounds": "What residents would no longer have to pay in a year",
    "cost_pounds": "What it costs to build", "run_cost_pounds": "What it costs to run for a year", "team_days": "Days of work from each team",
    "deciding": "What would it decide about people", "data_classes": "Which data would it touch",
    "affected_groups": "Groups of people it affects more than others", "safeguarding_risk": "Somebody could come to harm",
    "depends_on": "Needs these first", "excludes": "Cannot be done together with", "must_have": "It must be done",
}  # fmt: skip
"""What the form calls each field."""


def called(name: str) -> str:
    """What people call something that is known of an opportunity, or said at a gate or in a decision on it."""
    fields = {name: field for field, (name, _) in (MONEY | MONEY_OR_NOTHING).items()} | {"error_rate": "error_percent"}
    return LABELS.get(fields.get(name, name), {"status": "Decision"}.get(name, name.replace("_", " ").capitalize()))


def fields_of(known: Details) -> dict[str, str]:
    """What is known, as the text of every field. Lists have one on each line."""
    found = {name: str(getattr(known, name)) for name in LINES} | {"problem": known.problem}
    found |= {"volume_pa": str(known.volume_pa), "minutes_each": f"{known.minutes_each:g}", "error_percent": f"{100 * known.error_rate:g}"}
    found |= {"saves_percent": "" if known.saves_percent is None else str(known.saves_percent)}
    found |= {field: pounds_text(getattr(known, name)) for field, (name, _) in (MONEY | MONEY_OR_NOTHING).items()}
    found |= {"answer": known.answer.value if known.answer else "", "deciding": known.deciding.value, "time_goes": known.time_goes.value}
    found |= {name: "yes" if getattr(known, name) else "" for name in TICKS}
    found |= {name: "\n".join(getattr(known, name)) for name in ("data_classes", "affected_groups", "depends_on", "excludes")}
    return found | {"team_days": "\n".join(f"{team} {days:g}" for team, days in known.team_days.items())}


def edited(known: Details, fields: Mapping[str, str], others: Mapping[str, Opportunity]) -> tuple[Details, dict[str, str]]:
    """What is known after the fields were read, and what is wrong by field. A field that is missing is as it was; where anything is wrong, use nothing."""
    given = fields_of(known) | {name: value for name, value in fields.items() if name in FIELDS}
    wrong: dict[str, str] = {}
    values: dict[str, Any] = {name: " ".join(given[name].split())[:most] for name, most in LINES.items()}
    values["problem"] = given["problem"].strip()[:2_000]
    if len(values["title"]) < SHORTEST_TITLE:
        wrong["title"] = f"Enter a title of at least {SHORTEST_TITLE} characters"
    values["volume_pa"] = round(_number(given, "volume_pa", wrong, 10**8, "a whole number, such as 1200", whole=True) or 0)
    values["minutes_each"] = _number(given, "minutes_each", wrong, 100_000, "minutes as a number, such as 12") or 0.0
    values["error_rate"] = (_number(given, "error_percent", wrong, 100, "a percentage of 0 to 100, such as 4") or 0.0) / 100
    saves = _number(
        given, "saves_percent", wrong, 100, "a whole percentage of 0 to 100, such as 60; empty where nobody can say", whole=True
    )
    values["saves_percent"] = None if saves is None else round(saves)
    for field, (name, most) in (MONEY | MONEY_OR_NOTHING).items():
        pounds = _number(given, field, wrong, most, "an amount in pounds, such as 1200 or 24.50")
        values[name] = None if pounds is None and field in MONEY_OR_NOTHING else round(100 * (pounds or 0))
    if values["cash_pence_pa"] and not values["cash_act"]:
        wrong["cash_act"] = (
            "Name the act that takes the money out of a budget, such as `the franking contract ends`. Without an act it is not cash"
        )
    values |= _chosen(given, wrong)
    values |= {name: given[name] == "yes" for name in TICKS}
    values |= _lists(given, wrong, others)
    return (known, wrong) if wrong else (replace(known, **values), {})


def pounds_text(pence: int | None) -> str:
    """Pence as somebody types pounds: `1200`, `24.50`, or nothing."""
    return "" if pence is None else str(pence // 100) if pence % 100 == 0 else f"{pence / 100:.2f}"


def _number(given: Mapping[str, str], name: str, wrong: dict[str, str], most: float, right: str, whole: bool = False) -> float | None:
    text = given[name].strip().replace(",", "").removeprefix("£").removesuffix("%").strip()
    if not text:
        return None
    plain = text.isascii() and text.replace(".", "", 0 if whole else 1).isdigit()
    if not plain or float(text) > most:
        wrong[name] = f"Give {right}" if not plain else f"Give at most {most:,.0f}"
        return None
    return float(text)


def _chosen(given: Mapping[str, str], wrong: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    kinds: tuple[tuple[str, Callable[[str], Any], list[str]], ...] = (
        ("answer", Answer, list(Answer)),
        ("deciding", Deciding, list(Deciding)),
        ("time_goes", TimeGoes, list(TimeGoes)),
    )
    for name, kind, choices in kinds:
        if not given[name] and name == "answer":
            found[name] = None
        elif given[name] in choices:
            found[name] = kind(given[name])
        else:
            wrong[name] = f"Choose one of {', '.join(choices)}"
    return found


def _lists(given: Mapping[str, str], wrong: dict[str, str], others: Mapping[str, Opportunity]) -> dict[str, Any]:
    lines = {name: _split(given[name]) for name in ("data_classes", "affected_groups", "team_days")}
    if odd := [each for each in lines["data_classes"] if each not in DATA_CLASSES]:
        wrong["data_classes"] = f"`{odd[0][:60]}` is not a kind of data; the kinds are {', '.join(DATA_CLASSES)}"
    if len(lines["affected_groups"]) > MOST_LINES or any(len(each) > 80 for each in lines["affected_groups"]):
        wrong["affected_groups"] = f"Name at most {MOST_LINES} groups, each on its own line and in at most 80 characters"
    days: dict[str, float] = {}
    for line in lines["team_days"]:
        team, _, number = line.replace(":", " ").rpartition(" ")
        if not team.strip() or not number.isascii() or not number.replace(".", "", 1).isdigit() or float(number) > 100_000:
            wrong["team_days"] = f"`{line[:60]}` does not end in days; write a team and its days on each line, such as `Digital 12`"
            break
        days[" ".join(team.split())] = float(number)
    found: dict[str, Any] = {"data_classes": tuple(lines["data_classes"]), "affected_groups": tuple(lines["affected_groups"])}
    for name in ("depends_on", "excludes"):
        found[name], said = named(given[name], others)
        if said:
            wrong[name] = said
    return found | {"team_days": {team: number for team, number in days.items() if number}}


def _split(text: str) -> list[str]:
    return list(dict.fromkeys(" ".join(line.split()) for line in text.replace(";", "\n").splitlines() if line.strip()))

"""Rules, risks and measures in rows."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from guildhall.assurance.config import Measured, Risk, RiskDecision
from guildhall.assurance.duties import Resolves, found_controls, rule_source
from guildhall.assurance.facts import Fact, Known, Missing, Source, SourceKind, on_day
from guildhall.assurance.live import Row, Table
from guildhall.policy.config import RuleFile

RISKS = "councils/_baseline/assurance/risks.yaml"
WHO_ACCEPTS = "data protection officer, with the owner of the service"


def rule_register(rules: Sequence[RuleFile], today: date) -> Table:
    """Every rule of the pack: version, title, owner, whether it is a floor, status and review date."""
    rows = []
    for rule in rules:
        source = rule_source(rule)
        due = f"{on_day(rule.review_by)}{', overdue' if rule.review_by < today else ''}"
        cells = (f"{rule.id}@{rule.version}", rule.title, rule.owner, rule.floor, rule.status, due)
        rows.append(Row(rule.id, tuple(Fact(cell, source) for cell in cells)))
    return Table("Rules in force", ("Rule", "What it is about", "Owner", "Floor", "Status", "Review by"), tuple(rows))


def risk_register(risks: Mapping[str, Risk], decided: Mapping[str, RiskDecision], folder: str, resolves: Resolves) -> Table:
    """Every risk with the measures that stand against it, and what the council decided about what is left."""
    columns = ("Risk", "Harm", "Likelihood", "Severity", "Measures", "Effect", "Residual risk", "Accepted by")
    return Table("Risks and measures", columns, tuple(_risk(key, risk, decided.get(key), folder, resolves) for key, risk in risks.items()))


def _risk(key: str, risk: Risk, decision: RiskDecision | None, folder: str, resolves: Resolves) -> Row:
    entry = Source(SourceKind.FILE, f"{RISKS}#{key}")
    answer = Source(SourceKind.ANSWER, f"{folder}/assurance.yaml#risks/{key}")
    found, absent = found_controls(risk.measures, resolves)
    sources = tuple(source for source, _ in found)
    lines = [f"{does} ({source})" for source, does in found] + [f"named but not found: {text}" for text in absent]
    measures = Fact(lines, sources[0], (*sources[1:], entry)) if sources else Missing(f"What stands against it: {risk.risk}", WHO_ACCEPTS)
    unsure = decision is not None and decision.status == "to_be_confirmed"

    def said(value: str | None, what: str) -> Known:
        if decision is None or value is None:
            return Missing(f"{what} of: {risk.risk}", WHO_ACCEPTS)
        return Fact(value, answer, confirm=decision.accepted_by if unsure else "", said_on=decision.on)

    cells = (
        Fact(risk.risk, entry),
        Fact(risk.harm, entry),
        said(decision.likelihood if decision else None, "How likely"),
        said(decision.severity if decision else None, "How severe"),
        measures,
        Fact(risk.effect, entry),
        said(decision.residual if decision else None, "What is left"),
        said(f"{decision.accepted_by}, {on_day(decision.on)}" if decision else None, "Who accepts what is left"),
    )
    return Row(key, cells)


def measures(caption: str, wanted: Sequence[Measured], results: Mapping[str, Any] | None, here: Source) -> Table:
    """Measures of the last evaluation with their 95% intervals; a breakdown gives a row each. `here` is where the measures are asked for."""
    rows: list[Row] = []
    if not wanted:
        rows = [Row("none", tuple(Fact(text, here) for text in ("not measured by itself", "see the measures of what uses it", "none")))]
    for item in wanted:
        found = at_path(results, item.result) if results else None
        if isinstance(found, Mapping) and "n" in found:
            rows += [_measure(item.result, item.label, found)]
        elif isinstance(found, Mapping):
            rows += [_measure(f"{item.result}/{name}", f"{item.label}: {name}", inner) for name, inner in found.items()]
        else:
            missing = Missing(f"{item.label}: not measured here.", "whoever runs `python -m evals.gates`")
            rows.append(Row(item.result, (missing, missing, missing)))
    return Table(caption, ("Measure", "Value", "Lines"), tuple(rows))


def measured_words(found: Mapping[str, Any]) -> str:
    """A share with its interval, as a person reads it."""
    return f"{found['value']:.3f} (95% interval {found['low']:.3f} to {found['high']:.3f})"


def at_path(data: Any, path: str) -> Any:
    """What stands at `a/b/c`; None when nothing does."""
    for step in path.split("/"):
        if isinstance(data, Mapping) and step in data:
            data = data[step]
        elif isinstance(data, list | tuple) and step.isdigit() and int(step) < len(data):
            data = data[int(step)]
        else:
            return None
    return data


def _measure(path: str, label: str, found: Mapping[str, Any]) -> Row:
    source = Source(SourceKind.RESULT, path)
    if not found.get("n"):
        missing = Missing(f"{label}: no lines were measured.", "whoever runs `python -m evals.gates`")
        return Row(path, (Fact(label, source), missing, missing))
    return Row(path, (Fact(label, source), Fact(measured_words(found), source), Fact(f"{found['hits']} of {found['n']}", source)))

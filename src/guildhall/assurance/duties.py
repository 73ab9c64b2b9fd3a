"""Duty → control → evidence: every duty of the register beside what does it in the running system, and the gaps between.

Controls come from two places: rules of the pack in force that name the duty in `duties:`, and what the register itself names. Each is
looked up; one that is not there counts for nothing and is named.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from guildhall.assurance.config import Control, Duty
from guildhall.assurance.facts import Fact, Source, SourceKind, on_day
from guildhall.assurance.live import Row, Table
from guildhall.policy.config import RuleFile

Resolves = Callable[[Source], bool]
REGISTER: Final = "councils/_baseline/duties.yaml"
COLUMNS: Final = ("Duty", "What it asks", "Controls", "Evidence", "State", "Who must confirm")
IN_PLACE, PARTLY, GAP = "in place", "partly: a control it names is not there", "gap: nothing stands for this duty"


def matrix(duties: Mapping[str, Duty], rules: Sequence[RuleFile], resolves: Resolves) -> Table:
    """The whole register, and the tags of rules that it does not know."""
    enforced = [rule for rule in rules if rule.status == "enforced"]
    rows = [_row(key, duty, [rule for rule in enforced if key in rule.duties], resolves) for key, duty in duties.items()]
    unknown = sorted({tag for rule in enforced for tag in rule.duties} - set(duties))
    rows += [_unregistered(tag, [rule for rule in enforced if tag in rule.duties]) for tag in unknown]
    return Table("Duties, what does them, and what shows it", COLUMNS, tuple(rows))


def state_of(row: Row) -> str:
    """`in place`, `partly: …` or `gap: …`."""
    cell = row.cells[COLUMNS.index("State")]
    assert isinstance(cell, Fact)
    return str(cell.value)


def summary(table: Table) -> Fact:
    """How many duties are covered, in a sentence."""
    states = [state_of(row) for row in table.rows]
    text = f"{len(states)} duties: {states.count(IN_PLACE)} in place, {states.count(PARTLY)} partly, "
    text += f"{len(states) - states.count(IN_PLACE) - states.count(PARTLY)} with a gap"
    return Fact(text, Source(SourceKind.FILE, REGISTER))


def found_controls(controls: Sequence[Control], resolves: Resolves) -> tuple[list[tuple[Source, str]], list[str]]:
    """Controls that can be looked up, each with what it does, and those that cannot."""
    parsed = [(Source.parse(control.at), control.does) for control in controls]
    return [item for item in parsed if resolves(item[0])], [str(source) for source, _ in parsed if not resolves(source)]


def rule_source(rule: RuleFile) -> Source:
    """A rule as a source."""
    return Source(SourceKind.RULE, f"{rule.id}@{rule.version}")


def _row(key: str, duty: Duty, rules: Sequence[RuleFile], resolves: Resolves) -> Row:
    entry = Source(SourceKind.FILE, f"{REGISTER}#{key}")
    found, absent = found_controls(duty.controls, resolves)
    every = [(rule_source(rule), rule.title) for rule in rules] + found
    lines = [f"{does} ({source})" for source, does in every] + [f"named but not found: {text}" for text in absent]
    sources = tuple(source for source, _ in every)
    controls = Fact(lines or ["none"], sources[0] if sources else entry, (*sources[1:], entry))
    state = GAP if not every else PARTLY if absent else IN_PLACE
    looked_up = f"looked up on {on_day(duty.checked_on)}" if duty.checked_on else "not looked up yet"
    in_force = f" In force: {duty.in_force}." if duty.in_force else ""
    return Row(
        key,
        (
            Fact(duty.law, entry),
            Fact(f"{duty.about} Source: {duty.source}, {looked_up}.{in_force}", entry),
            controls,
            Fact(duty.evidence, entry),
            Fact(state, entry, sources),
            Fact(duty.confirm, entry),
        ),
    )


def _unregistered(tag: str, rules: Sequence[RuleFile]) -> Row:
    first, *rest = (rule_source(rule) for rule in rules)
    said = Fact(f"{tag}: a rule names it, and the register does not know it", first, tuple(rest))
    lines = Fact([f"{rule.title} ({rule_source(rule)})" for rule in rules], first, tuple(rest))
    nobody = Fact("not written down", first)
    return Row(tag, (said, nobody, lines, nobody, Fact("gap: not in the register", first), nobody))

"""Seeded bad changes: read from their files, made to the rules, and taken through the gates that need nothing but rules and facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from guildhall.councils.loading import read_pack
from guildhall.councils.yaml_files import YamlReader
from guildhall.policy.compare import compare_packs
from guildhall.policy.config import RuleFile
from guildhall.policy.domain import meaning
from guildhall.policy.evaluate import decide
from guildhall.policy.gates import examples_gate, mutation_gate, property_gate, replay_gate
from guildhall.policy.overlay import refusals
from guildhall.policy.packs import Pack, pack_of
from guildhall.policy.replay import ReplayReport, replay, replayable
from guildhall.policy.stored import StoredDecision
from guildhall.policy.trials import trials_of
from guildhall.vocabulary.decisions import Facts
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.gates import Counterexample, Gate, GateResult

FOLDER = Path(__file__).parent / "bad_changes"
DETECTORS = ("phrases.explicit@12", "classifier.signals@4", "personal_data@1")


class BadChange(BaseModel):
    """One file of `bad_changes/`; its README says what the fields mean."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str
    gate: Gate
    says: str
    rule: str
    layer: str = "baseline"
    declares_that_it_loosens: bool = False
    deleted: bool = False
    without: tuple[str, ...] = ()
    set: Mapping[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """The rules before and after a change."""

    before: Pack
    after: Pack


def bad_changes() -> dict[str, BadChange]:
    """Every seeded change, by the name of its file."""
    return {path.stem: BadChange.model_validate(YAML(typ="safe").load(path)) for path in sorted(FOLDER.glob("*.yaml"))}


@lru_cache(maxsize=1)
def rules_in_force() -> Pack:
    """The baseline, and a rule of a council's own."""
    baseline = read_pack(YamlReader(), Path("councils/_baseline"), Path("councils/none"))
    return pack_of([*baseline.rules, YamlReader().read(FOLDER / "_council/local.flood-warning.yaml", RuleFile)])


def first_refusal(change: BadChange, folder: Path) -> GateResult | None:
    """What the first gate says that refuses the change. The changed file is written into the folder and read as any other."""
    try:
        changed = None if change.deleted else YamlReader().read(_written(change, folder), RuleFile)
    except ConfigurationError as error:
        return GateResult(Gate.LINT, False, str(error))
    before = rules_in_force()
    if change.layer == "council":
        refused = refusals({rule.id: rule for rule in before.rules}, [changed] if changed else [])
        return GateResult(Gate.OVERLAY, False, refused[0][1], (Counterexample(refused[0][1]),)) if refused else None
    after = pack_of([*(rule for rule in before.rules if rule.id != change.rule), *([changed] if changed else [])])
    return next((result for result in _asked(change, before, after) if not result.passed), None)


def _asked(change: BadChange, before: Pack, after: Pack) -> Iterator[GateResult]:
    yield property_gate(compare_packs(before, after, detectors=DETECTORS), change.declares_that_it_loosens)
    rules = [rule for rule in after.rules if (old := before.rule(rule.id)) is None or meaning(old) != meaning(rule)]
    trials = {rule.id: trials_of(rule) for rule in rules}
    yield examples_gate(rules, trials)
    yield mutation_gate(rules, trials)
    yield replay_gate(_replayed(before, after))


def _replayed(before: Pack, after: Pack) -> ReplayReport:
    running = replay(replayable(_past(before)), before, after)
    while True:
        try:
            next(running)
        except StopIteration as end:
            report: ReplayReport = end.value
            return report


def _past(pack: Pack) -> Iterator[StoredDecision]:
    """What was decided of the examples of every rule, on the web and on the phone."""
    facts: list[Facts] = [trial.facts for rule in pack.rules for trial in trials_of(rule)]
    for number, one in enumerate(replace(facts, channel=channel) for facts in facts for channel in ("web", "phone")):
        decision = decide(one, pack)
        rules = tuple(f"{act.rule.id}@{act.rule.version}#{act.rule.case}" for act in decision.acts)
        yield StoredDecision(f"turn-{number}", one, pack.id, decision.effect.value, rules)


def _written(change: BadChange, folder: Path) -> Path:
    rule = rules_in_force().rule(change.rule)
    assert rule is not None, f"{change.rule} is not a rule in force"
    data = rule.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    _forget_at(data)
    data = {key: value for key, value in data.items() if key not in change.without}
    for path, value in change.set.items():
        _put(data, path.split("."), value)
    file = folder / f"{change.rule}.yaml"
    YAML(typ="safe").dump(data, file)
    return file


def _put(data: Any, keys: list[str], value: Any) -> None:
    """Set a value at a path of keys; `+n` puts a new item before the n-th of a list."""
    key, *rest = keys
    if isinstance(data, list) and key.startswith("+"):
        data.insert(int(key[1:]), value)
        return
    at: Any = int(key) if isinstance(data, list) else key
    if rest:
        if isinstance(data, dict):
            data.setdefault(at, {})
        _put(data[at], rest, value)
    else:
        data[at] = value


def _forget_at(data: Any) -> None:
    """Take out `at` where a parameter says it, as it would stand in a file."""
    for value in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        _forget_at(value)
    if isinstance(data, dict) and data.get("at_parameter"):
        data.pop("at", None)

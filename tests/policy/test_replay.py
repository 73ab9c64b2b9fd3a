"""Past decisions judged again by other rules: what would be missed, fired or done otherwise, counted and sampled, with no side effect."""

import ast
import json
from collections.abc import Iterable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.policy.evaluate import decide
from guildhall.policy.packs import Pack, pack_of
from guildhall.policy.protections import lost_between
from guildhall.policy.replay import EVERY, Change, Replayable, ReplayReport, replay, replayable
from guildhall.policy.stored import StoredDecision, recordable
from guildhall.vocabulary.decisions import Facts
from guildhall.vocabulary.signals import Category, Grade
from tests.policy.some_rules import facts as some_facts
from tests.policy.some_rules import two_packs
from tests.policy.test_evaluate import escalate, facts, offer, rule

BEFORE = pack_of(
    [
        rule("safe", [escalate("bereavement"), offer("bereavement")]),
        rule("attack", [{"when": {"signal": "attack"}, "then": {"effect": "stop"}}]),
    ]
)
BEREAVED = facts((Category.BEREAVEMENT, Grade.CONFIRM))
GRIEVING = facts((Category.BEREAVEMENT, Grade.SCREEN))
ATTACKING = facts((Category.ATTACK, Grade.CONFIRM))


def stored(many: Iterable[Facts], pack: Pack = BEFORE) -> list[StoredDecision]:
    found = []
    for number, one in enumerate(many):
        decision = decide(one, pack)
        rules = tuple(f"{act.rule.id}@{act.rule.version}#{act.rule.case}" for act in decision.acts)
        found.append(StoredDecision(f"t{number}", one, pack.id, decision.effect.value, rules))
    return found


def run(past: Iterable[Replayable | None], after: Pack, before: Pack = BEFORE, sample: int = 50) -> ReplayReport:
    running = replay(past, before, after, sample)
    while True:
        try:
            next(running)
        except StopIteration as end:
            report: ReplayReport = end.value
            return report


def test_the_same_rules_change_nothing_and_reproduce_every_decision() -> None:
    report = run(replayable(stored([BEREAVED, GRIEVING, ATTACKING, facts()])), BEFORE)
    assert (report.decisions, report.not_reproduced, report.less_protective, report.counts, report.sample) == (4, 0, 0, {}, ())


def test_missed_fired_and_changed_are_counted_by_category_and_language() -> None:
    after = pack_of([rule("safe", [escalate("bereavement", queue="post")]), rule("new", [offer("hazard_gas")])])
    past = [BEREAVED, GRIEVING, GRIEVING, ATTACKING, facts((Category.HAZARD_GAS, Grade.SCREEN))]
    report = run(replayable(stored(past)), after)
    assert report.counts == {
        Change.CHANGED: {"bereavement": {"en": 1}},
        Change.MISSED: {"bereavement": {"en": 2}, "attack": {"en": 1}},
        Change.FIRED: {"hazard_gas": {"en": 1}},
    }
    assert (report.total(Change.MISSED), report.less_protective) == (3, 4)
    assert report.sample[0].less_protective
    assert report.sample[-1].sentence == "A web message with `hazard_gas` (screen): was nothing, now offer. Gained: a person is offered."


def test_what_another_rule_takes_over_is_no_change() -> None:
    renamed = pack_of([rule("other", [escalate("bereavement"), offer("bereavement")]), BEFORE.rules[0]])
    assert run(replayable(stored([BEREAVED, GRIEVING])), renamed).counts == {}


def test_decisions_recorded_without_facts_are_counted_and_not_guessed() -> None:
    old = StoredDecision("t", None, BEFORE.id, "allow", ())
    report = run(replayable([old, *stored([BEREAVED])]), BEFORE)
    assert (report.decisions, report.cannot_be_replayed) == (1, 1)


def test_a_record_that_the_old_rules_do_not_reproduce_is_noticed() -> None:
    wrong = StoredDecision("t", BEREAVED, BEFORE.id, "offer", ("safe@1#1",))
    beside = StoredDecision("t", BEREAVED, BEFORE.id, "stop", ("emergency@1#0", "safe@1#0"), beside=("another",))
    other_pack = StoredDecision("t", BEREAVED, "another", "offer", ("safe@1#1",))
    assert run(replayable([wrong, beside, other_pack]), BEFORE).not_reproduced == 1


def test_words_heard_again_are_compared_with_what_was_judged_then() -> None:
    report = run([Replayable("t", was=BEREAVED, now=facts())], BEFORE)
    assert report.counts == {Change.MISSED: {"bereavement": {"en": 1}}}


def test_progress_is_told_and_the_sample_is_small_and_of_every_sort() -> None:
    past = replayable(stored([BEREAVED] * 3 * EVERY + [ATTACKING]))
    running = replay(past, BEFORE, pack_of([]), sample=2)
    assert [next(running) for _ in range(3)] == [EVERY, 2 * EVERY, 3 * EVERY]
    report = run(replayable(stored([BEREAVED] * 9 + [ATTACKING])), pack_of([]), sample=2)
    assert [item.subject for item in report.sample] == ["bereavement", "attack"]


def test_the_report_is_plain_json_and_the_same_each_time() -> None:
    past = stored([BEREAVED, GRIEVING, ATTACKING])
    reports = [json.dumps(run(replayable(past), pack_of([])).as_json(), sort_keys=True) for _ in range(2)]
    assert reports[0] == reports[1]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(two_packs(), st.lists(some_facts, max_size=12))
def test_a_replay_finds_what_judging_one_by_one_finds(packs: tuple[Pack, Pack], many: list[Facts]) -> None:
    before, after = packs
    past = [recordable(one) for one in many]
    report = run(replayable(stored(past, before)), after, before)
    less = [bool(lost_between(decide(one, before).acts, decide(one, after).acts)) for one in past]
    assert (report.not_reproduced, report.less_protective) == (0, sum(less))


PURE = {"abc", "bisect", "re", "collections", "dataclasses", "datetime", "enum", "fnmatch", "hashlib", "json", "typing", "pydantic", "__future__", "guildhall"}  # fmt: skip
ROOMS = ("guildhall.policy", "guildhall.vocabulary")
ACTS = {"open", "exec", "eval", "compile", "input", "print", "__import__"}


def test_nothing_in_the_room_can_act() -> None:
    """No module of the room imports anything that reads, writes, sends, waits or calls a model, and none calls a builtin that does."""
    for path in Path("src/guildhall/policy").glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for module in modules:
                assert module.split(".")[0] in PURE, f"{path} imports {module}"
                assert not module.startswith("guildhall") or module.startswith(ROOMS), f"{path} imports {module}"
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            assert called not in ACTS, f"{path} calls {called}"

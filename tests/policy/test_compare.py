"""Two packs are compared for all facts there can be: what is less protective is reported, with the fewest facts that show it."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.policy.compare import Kind, Message, compare_packs
from guildhall.policy.config import RuleFile
from guildhall.policy.domain import Domain
from guildhall.policy.evaluate import decide
from guildhall.policy.packs import Pack, pack_of
from guildhall.policy.protections import given_up, lost_between, protections, protections_in_words
from guildhall.vocabulary.decisions import Act, Facts
from guildhall.vocabulary.signals import Category, Grade
from tests.policy.some_rules import facts as some_facts
from tests.policy.some_rules import two_packs
from tests.policy.test_evaluate import escalate, facts, offer, rule

SUICIDE = [escalate("suicide_self_harm", signposts=["samaritans", "shout"]), offer("suicide_self_harm")]


def pack(*rules: RuleFile) -> Pack:
    return pack_of(rules)


def by_rule(acts: tuple[Act, ...]) -> dict[str, Act]:
    return {act.rule.id: act for act in acts}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(two_packs(), st.lists(some_facts, min_size=1, max_size=8))
def test_no_facts_show_a_loosening_that_was_not_reported(packs: tuple[Pack, Pack], many: list[Facts]) -> None:
    before, after = packs
    comparison = compare_packs(before, after)
    assert comparison.undecided == ()
    reported = {(difference.rule_id, lost) for difference in comparison.differences for lost in difference.lost}
    for one in many:
        was, now = decide(one, before).acts, decide(one, after).acts
        kept = frozenset().union(*(protections(act) for act in now))
        for rule_id, act in by_rule(was).items():
            for lost in given_up(act, by_rule(now).get(rule_id)) - kept:
                assert (rule_id, lost) in reported


@settings(max_examples=40, deadline=None, derandomize=True)
@given(two_packs())
def test_every_difference_reported_is_shown_by_its_own_facts(packs: tuple[Pack, Pack]) -> None:
    before, after = packs
    for difference in compare_packs(before, after).differences:
        was, now = decide(difference.facts, before).acts, decide(difference.facts, after).acts
        assert (difference.lost, difference.gained) == (lost_between(was, now), lost_between(now, was))
        assert bool(difference.lost) == (difference.kind == Kind.LESS)
        assert by_rule(was).get(difference.rule_id) != by_rule(now).get(difference.rule_id)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(two_packs(), some_facts)
def test_facts_of_one_cell_are_judged_alike(packs: tuple[Pack, Pack], one: Facts) -> None:
    domain = Domain.of(packs)
    moved = (replace(signal, strength=domain.strength(signal.category, domain.region(signal.category, signal.strength)), span=None)
             for signal in one.signals)  # fmt: skip
    other = replace(one, signals=tuple(moved), failed_turns=one.failed_turns + (one.failed_turns > 2))
    if domain.cell(one) == domain.cell(other):
        assert [decide(one, p).acts for p in packs] == [decide(other, p).acts for p in packs]
    else:  # only the order of the surest evidence can have changed
        assert {act.effect for p in packs for act in decide(one, p).acts} == {act.effect for p in packs for act in decide(other, p).acts}


def test_a_pack_beside_itself_has_no_differences() -> None:
    one = pack(rule("safe", SUICIDE))
    assert compare_packs(one, one).differences == ()


def test_another_version_with_the_same_meaning_is_no_difference() -> None:
    comparison = compare_packs(pack(rule("safe", SUICIDE)), pack(rule("safe", SUICIDE, version=2, title="Another title")))
    assert comparison.differences == ()
    assert comparison.before != comparison.after


def test_a_raised_threshold_is_less_protective_just_below_it() -> None:
    before = pack(rule("safe", [escalate("suicide_self_harm"), offer("suicide_self_harm")]))
    weak = {"when": {"signal": "suicide_self_harm", "grade": "confirm", "at": 0.8}, "then": {"effect": "escalate", "queue": "duty"}}
    (difference,) = compare_packs(before, pack(rule("safe", [weak, offer("suicide_self_harm")]))).less
    assert difference.sentence == (
        "A message with `suicide_self_harm` (confirm, strength 0.4): was escalate to `duty`, now offer (rule `safe`). "
        "Lost: a person from `duty`."
    )


def test_what_another_rule_still_does_is_not_lost() -> None:
    twice = pack(rule("one", [escalate("bereavement")]), rule("two", [escalate("bereavement")]))
    comparison = compare_packs(twice, pack(rule("two", [escalate("bereavement")])))
    assert [d.kind for d in comparison.differences] == [Kind.OTHER]
    assert not comparison.loosens


def test_what_another_rule_does_only_while_the_desk_is_open_is_lost_when_it_is_closed() -> None:
    open_only = {
        "when": {"all": [{"signal": "bereavement", "grade": "confirm"}, {"desk_open": True}]},
        "then": {"effect": "escalate", "queue": "duty"},
    }
    before = pack(rule("one", [escalate("bereavement")]), rule("two", [open_only]))
    (difference,) = compare_packs(before, pack(rule("two", [open_only]))).less
    assert "while the desk is closed" not in difference.sentence or not difference.facts.desk_open
    assert not difference.facts.desk_open


def test_a_new_exception_for_a_language_is_found_and_named() -> None:
    but_polish = {
        "when": {"all": [{"signal": "suicide_self_harm", "grade": "confirm"}, {"not": {"language": ["pl"]}}]},
        "then": {"effect": "escalate", "queue": "duty"},
    }
    before = pack(rule("safe", [escalate("suicide_self_harm")]))
    (difference,) = compare_packs(before, pack(rule("safe", [but_polish]))).less
    assert difference.sentence.startswith("A message in Polish with `suicide_self_harm` (confirm): was escalate to `duty`, now nothing")


def test_a_channel_taken_away_is_named() -> None:
    before = pack(rule("safe", SUICIDE))
    after = pack(rule("safe", SUICIDE, scope={"stages": ["on_input"], "channels": ["web", "staff"]}))
    assert all(difference.sentence.startswith("A phone message") for difference in compare_packs(before, after).less)


def test_an_escalation_moved_to_another_queue_is_less_protective() -> None:
    comparison = compare_packs(pack(rule("safe", SUICIDE)), pack(rule("safe", [escalate("suicide_self_harm", queue="post"), SUICIDE[1]])))
    assert {"a person from `duty`"} <= {words for d in comparison.less for words in protections_in_words(d.lost)}


def test_an_offer_become_an_escalation_with_another_wording_is_only_more_protective() -> None:
    said = {"when": {"signal": "bereavement"}, "then": {"effect": "offer", "wording": "care"}}
    before = pack(rule("safe", [said]))
    after = pack(rule("safe", [escalate("bereavement", grade="screen", wording="crisis")]))
    comparison = compare_packs(before, after)
    assert (len(comparison.less), len(comparison.more)) == (0, 1)


def test_each_category_of_a_group_has_its_own_example() -> None:
    before = pack(rule("any", [escalate("distress")]))
    comparison = compare_packs(before, pack_of([]))
    found = {signal.category for d in comparison.less for signal in d.facts.signals}
    assert len(found) == 14
    assert all(len(d.facts.signals) == 1 for d in comparison.less)


def test_a_failed_detector_is_told_apart_from_another() -> None:
    on_error = {"reads": ["phrases.*", "classifier.*"], "then": {"effect": "offer"}}
    before = pack(rule("safe", SUICIDE, on_error=on_error))
    after = pack(rule("safe", SUICIDE, on_error=on_error | {"reads": ["phrases.*"]}))
    (difference,) = compare_packs(before, after, detectors=["phrases.explicit@12", "classifier.signals@4"]).less
    assert difference.facts.failed_detectors == ("classifier.signals@4",)


def test_a_difference_takes_a_message_that_shows_it() -> None:
    before, after = pack(rule("safe", SUICIDE)), pack(rule("safe", SUICIDE[1:]))
    loud = Message("Chcę umrzeć", "pl", facts((Category.SUICIDE_SELF_HARM, Grade.CONFIRM)))
    quiet = Message("hello", "en", facts())
    (difference,) = compare_packs(before, after, [quiet, loud]).less
    assert difference.message == loud
    shown = difference.counterexample()
    assert (shown.message, shown.language) == ("Chcę umrzeć", "pl")


def knob(least: float, most: float) -> RuleFile:
    weak = {"when": {"signal": "attack", "grade": "screen", "at_parameter": "how-sure"}, "then": {"effect": "warn"}}
    return rule("attack", [weak], parameters={"how-sure": {"what": "How sure it must be", "default": 0.4, "min": least, "max": most}})


def test_a_knob_that_may_be_turned_further_is_judged_where_it_may_be_turned_to() -> None:
    (difference,) = compare_packs(pack(knob(0.3, 0.6)), pack(knob(0.3, 0.9))).less
    assert difference.sentence.startswith(
        "If `how-sure` of `attack` is set to 0.9, as it then may be: a message with `attack` (screen, strength 0."
    )


def test_a_knob_with_narrower_bounds_is_no_loosening() -> None:
    assert not compare_packs(pack(knob(0.3, 0.9)), pack(knob(0.3, 0.6))).loosens

"""A gate that cannot prove a thing refuses, and one that passes says what was tried."""

import pytest

from guildhall.policy.compare import PackComparison, compare_packs
from guildhall.policy.domain import Domain
from guildhall.policy.gates import property_gate, replay_gate
from guildhall.policy.knowing import speaker_of
from guildhall.policy.packs import pack_of
from guildhall.policy.replay import ReplayReport
from guildhall.policy.searching import GaveUpError, Search, Wanted
from guildhall.vocabulary.gates import Gate
from tests.policy.test_evaluate import escalate, offer, rule

SAFE = rule("safe", [escalate("bereavement"), offer("bereavement")])


def report(**changes: int) -> ReplayReport:
    counts = {"decisions": 10, "cannot_be_replayed": 0, "not_reproduced": 0, "less_protective": 0} | changes
    return ReplayReport("a", "b", **counts, counts={}, sample=())


def test_a_search_that_takes_too_long_gives_up_and_says_so() -> None:
    domain = Domain.of([pack_of([SAFE])])
    with pytest.raises(GaveUpError):
        Search(domain, limit=1).find([Wanted(speaker_of(SAFE, domain), frozenset({0}))])


def test_what_was_given_up_is_not_proved_and_does_not_pass() -> None:
    comparison = PackComparison("a", "b", (), 1, ("whether `safe` gives something up on input",))
    assert comparison.loosens
    assert property_gate(comparison).reason.startswith("The check gave up, so nothing is proved: whether `safe` gives something up")
    assert not property_gate(comparison, declared=True).passed


def test_a_declared_loosening_passes_and_the_reason_names_who_must_sign() -> None:
    loosened = compare_packs(pack_of([SAFE]), pack_of([rule("safe", [offer("bereavement")])]))
    refused, declared = property_gate(loosened), property_gate(loosened, declared=True)
    assert (refused.passed, declared.passed) == (False, True)
    assert "declare that the change loosens" in refused.reason
    assert "the board's chair has to sign" in declared.reason
    assert declared.facts["less_protective"] == 1


def test_a_change_that_only_tightens_passes_and_shows_what_it_tightens() -> None:
    result = property_gate(compare_packs(pack_of([SAFE]), pack_of([rule("safe", [escalate("bereavement", "screen")])])))
    assert result.passed
    assert "1 kind of message more so" in result.reason
    assert result.counterexamples[0].sentence.startswith("A message with `bereavement` (screen): was offer, now escalate to `duty`")


def test_a_record_that_cannot_be_reproduced_refuses_whatever_is_allowed() -> None:
    result = replay_gate(report(not_reproduced=1), max_newly_missed=1_000)
    assert not result.passed
    assert "1 recorded decision cannot be reproduced" in result.reason


def test_what_could_not_be_replayed_is_owned_up_to() -> None:
    result = replay_gate(report(cannot_be_replayed=4))
    assert result.passed
    assert result.reason.endswith("4 decisions could not be replayed.")


def test_a_replay_may_miss_as_many_as_are_allowed_and_no_more() -> None:
    assert replay_gate(report(less_protective=3), max_newly_missed=3, gate=Gate.FULL_REPLAY).passed
    assert not replay_gate(report(less_protective=3), max_newly_missed=2).passed


def test_a_result_is_plain_json() -> None:
    assert replay_gate(report()).as_json()["facts"]["decisions"] == 10

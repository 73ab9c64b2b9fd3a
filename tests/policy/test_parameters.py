"""A knob says what `at` is, is part of the pack's address, and is declared before it is used."""

import pytest
from pydantic import ValidationError

from guildhall.policy.packs import canonical, pack_from, pack_of
from guildhall.policy.parameters import with_parameter
from tests.policy.test_evaluate import rule

CASES = [
    {
        "when": {
            "any": [
                {"not": {"signal": "attack", "at_parameter": "sure"}},
                {"all": [{"signal": "abuse_of_service", "at_parameter": "sure"}]},
            ]
        },
        "then": {"effect": "warn"},
    }
]
KNOB = {"sure": {"what": "How sure we must be.", "default": 0.6, "min": 0.5, "max": 0.8}}


def thresholds(pack: object) -> list[float | None]:
    when = pack.rules[0].cases[0].when  # type: ignore[attr-defined]
    return [when.any[0].not_.at, when.any[1].all[0].at]


def test_every_condition_that_follows_a_knob_is_where_it_stands() -> None:
    pack = pack_of([rule("knobs", CASES, parameters=KNOB)])
    assert thresholds(pack) == [0.6, 0.6]
    turned = with_parameter(pack, "knobs", "sure", 0.75)
    assert thresholds(turned) == [0.75, 0.75]
    assert turned.id != pack.id
    assert with_parameter(turned, "knobs", "sure", 0.6).id == pack.id


def test_a_pack_read_back_from_its_canonical_form_is_the_same_pack() -> None:
    turned = with_parameter(pack_of([rule("knobs", CASES, parameters=KNOB)]), "knobs", "sure", 0.75)
    assert pack_from(canonical(turned.rules)) == turned
    assert pack_from(canonical(turned.rules)).id == turned.id


@pytest.mark.parametrize(
    ("cases", "knobs", "why"),
    [
        (CASES, {}, "does not declare under `parameters`"),
        ([{"when": {"signal": "attack", "at": 0.9, "at_parameter": "sure"}, "then": {"effect": "warn"}}], KNOB, "keep one of the two"),
        ([{"when": {"desk_open": True, "at_parameter": "sure"}, "then": {"effect": "warn"}}], KNOB, "go with `signal` only"),
        (CASES, {"sure": KNOB["sure"] | {"default": 0.9}}, "not between 0.5 and 0.8"),
        (CASES, {"sure": KNOB["sure"] | {"value": 0.4}}, "not between 0.5 and 0.8"),
    ],
)
def test_a_knob_that_makes_no_sense_is_refused(cases: list[object], knobs: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        rule("knobs", cases, parameters=knobs)  # type: ignore[arg-type]


@pytest.mark.parametrize("shares", [[5, 1, 100], [1, 5], [0, 100], [1, 1, 100]])
def test_shares_of_a_canary_rise_to_all(shares: list[int]) -> None:
    with pytest.raises(ValidationError, match="rises in whole per cents and ends at 100"):
        rule("steps", CASES, parameters=KNOB, rollout={"canary": shares})

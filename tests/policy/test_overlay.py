"""A council may tighten a rule; loosening a floor cannot load, and other loosening must say why."""

from typing import Any

import pytest

from guildhall.policy.overlay import loosenings, refusals
from tests.policy.test_evaluate import escalate, offer, rule

FLOOR = rule(
    "safe",
    [escalate("bereavement", signposts=["cruse"], sensitive=True), offer("bereavement")],
    floor=True,
    on_error={"reads": ["*"], "then": {"effect": "offer"}},
)


def overlay(cases: list[dict[str, Any]] | None = None, **changes: Any) -> Any:
    base: dict[str, Any] = {"floor": True, "on_error": {"reads": ["*"], "then": {"effect": "offer"}}}
    return rule("safe", cases or [escalate("bereavement", signposts=["cruse"], sensitive=True), offer("bereavement")], **(base | changes))


@pytest.mark.parametrize(
    ("loosened", "said"),
    [
        (
            overlay(
                [
                    {
                        "when": {"signal": "bereavement", "grade": "confirm"},
                        "then": {"effect": "offer", "signposts": ["cruse"], "sensitive": True},
                    },
                    offer("bereavement"),
                ]
            ),
            "does `offer` where it did `escalate`",
        ),
        (overlay([escalate("bereavement", signposts=["cruse"], sensitive=True)]), "case 2 is gone"),
        (overlay([escalate("bereavement", sensitive=True), offer("bereavement")]), "no longer shows cruse"),
        (overlay([escalate("bereavement", signposts=["cruse"]), offer("bereavement")]), "no longer shows the exit button"),
        (
            overlay([escalate("exploitation", signposts=["cruse"], sensitive=True), offer("bereavement")]),
            "the condition of case 1 is another one",
        ),
        (overlay(status="suspended"), "its status is `suspended`"),
        (overlay(on_error=None), "a failed detector is treated less protectively"),
        (overlay(scope={"stages": ["on_input"], "channels": ["web"]}), "no longer holds for channels phone, staff"),
    ],
)
def test_each_way_of_loosening_a_floor_is_refused_with_its_reason(loosened: Any, said: str) -> None:
    refused = refusals({"safe": FLOOR}, [loosened])
    assert len(refused) == 1
    assert "which is a floor" in refused[0][1]
    assert said in refused[0][1]


def test_tightening_is_free() -> None:
    tighter = overlay(
        [escalate("bereavement", signposts=["cruse", "mind"], sensitive=True), escalate("bereavement", "screen"), offer("exploitation")]
    )
    assert loosenings(FLOOR, tighter) == ()
    assert refusals({"safe": FLOOR}, [tighter]) == []


def test_loosening_a_rule_that_is_no_floor_needs_a_reason_and_an_approver() -> None:
    soft = rule("soft", [offer("abuse_of_service")])
    silent = rule("soft", [{"when": {"signal": "abuse_of_service", "grade": "screen"}, "then": {"effect": "warn"}}])
    reasoned = rule(
        "soft",
        [{"when": {"signal": "abuse_of_service", "grade": "screen"}, "then": {"effect": "warn"}}],
        relaxes={"reason": "Offers were found tiresome", "approver": "Board chair"},
    )
    assert "without saying why" in refusals({"soft": soft}, [silent])[0][1]
    assert refusals({"soft": soft}, [reasoned]) == []


def test_a_new_rule_of_the_councils_own_is_welcome() -> None:
    assert refusals({"safe": FLOOR}, [rule("ours", [offer("bereavement")])]) == []


def test_the_floor_itself_cannot_be_taken_away() -> None:
    assert "takes the floor away" in refusals({"safe": FLOOR}, [overlay(floor=False)])[0][1]

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
            "was escalate to `duty`, now offer",
        ),
        (overlay([escalate("bereavement", signposts=["cruse"], sensitive=True)]), "`bereavement` (screen): was offer, now nothing"),
        (overlay([escalate("bereavement", sensitive=True), offer("bereavement")]), "Lost: the signpost `cruse`"),
        (overlay([escalate("bereavement", signposts=["cruse"]), offer("bereavement")]), "Lost: the exit button is shown"),
        (
            overlay([escalate("exploitation", signposts=["cruse"], sensitive=True), offer("bereavement")]),
            "`bereavement` (confirm): was escalate to `duty`, now offer",
        ),
        (overlay(status="suspended"), "was escalate to `duty`, now nothing"),
        (overlay(on_error=None), "failed: was offer, now nothing"),
        (overlay(scope={"stages": ["on_input"], "channels": ["web"]}), "A phone or staff desk message"),
        (overlay(on_error={"reads": ["phrases.*"], "then": {"effect": "offer"}}), "failed: was offer, now nothing"),
        (overlay(scope={"stages": ["on_intent"]}), "was escalate to `duty`, now nothing"),
        (
            overlay([offer("bereavement", "confirm"), escalate("bereavement", signposts=["cruse"], sensitive=True), offer("bereavement")]),
            "was escalate to `duty`, now offer",
        ),
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


def test_another_way_of_saying_the_same_is_no_loosening() -> None:
    wider = overlay(
        [
            {
                "when": {"any": [{"signal": "bereavement", "grade": "confirm"}, {"signal": "exploitation"}]},
                "then": {"effect": "escalate", "queue": "duty", "signposts": ["cruse"], "sensitive": True},
            },
            offer("bereavement"),
        ]
    )
    assert loosenings(FLOOR, wider) == ()


def test_a_council_may_bring_the_person_from_a_queue_of_its_own() -> None:
    own_queue = overlay([escalate("bereavement", signposts=["cruse"], sensitive=True, queue="post-room"), offer("bereavement")])
    assert loosenings(FLOOR, own_queue) == ()


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

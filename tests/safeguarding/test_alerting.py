"""Which route is told next, and what a council may write about it."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from guildhall.safeguarding.alerting import alerts_of, next_telling
from guildhall.safeguarding.config import Lead, SafeguardingFile
from guildhall.vocabulary.safeguarding import SafeguardingRecord
from tests.storage.after import FILE

NOW = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)


def record(step: int = 0, out_of_hours: bool = False, category: str = "domestic_abuse") -> SafeguardingRecord:
    return SafeguardingRecord(
        "safe_1", "AAAA-BBBB", "hand_1", "conv_1", "turn_1", category, "confirm", "pack", (), "duty", NOW, out_of_hours, False, step, NOW,
        None, "", None, None, None, "",
    )  # fmt: skip


@pytest.mark.parametrize(("step", "route"), [(0, "lead"), (1, "deputy"), (2, "duty"), (3, "duty"), (4, "duty"), (5, "")])
def test_routes_come_in_their_order_and_the_last_one_again(step: int, route: str) -> None:
    telling = next_telling(FILE, record(step), NOW)
    assert telling.route == route
    assert telling.next_at == (NOW + timedelta(minutes=10) if route else None)


def test_out_of_hours_the_other_order_counts() -> None:
    assert [next_telling(FILE, record(step, True), NOW).route for step in (0, 1)] == ["on-call", "duty"]


def test_a_lead_with_one_order_only_uses_it_at_all_hours() -> None:
    assert Lead(routes=("a",)).order(True) == ("a",)
    assert Lead(out_of_hours=("b",)).order(False) == ("b",)


def test_an_alert_goes_by_every_channel_that_a_route_has_and_names_no_need() -> None:
    found = alerts_of(record(), next_telling(FILE, record(), NOW), "https://x.example/console/safeguarding/safe_1", "11:10")
    assert [(alert.channel, alert.reference, alert.to) for alert in found] == [("sms", "safe_1.0.sms", ""), ("email", "safe_1.0.email", "")]
    assert all("abuse" not in f"{alert.text} {alert.subject} {alert.values}" for alert in found)
    assert alerts_of(record(2), next_telling(FILE, record(2), NOW), "link", "11:10") == (), "a line is rung, not written to"


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"routes": {"a": {"role": "a lead"}}}, "the route to the a lead has no email, mobile or phone"),
        ({"routes": {"a": {"role": "a lead", "email": "none"}}}, "`none` is not an e-mail address"),
        ({"routes": {"a": {"role": "a lead", "mobile": "01632 960999"}}}, "`01632 960999` is not a UK mobile number"),
        ({"everyone": {"routes": ["gone"]}}, "`everyone` names the route `gone`, which is not one of the routes: none yet"),
        ({"categories": ["domestic_abuse"], "leads": {"child_at_risk": {}}}, "`leads` names `child_at_risk`, of which no record is kept"),
        ({"routs": {}}, "Extra inputs are not permitted"),
    ],
)
def test_a_file_that_cannot_be_is_refused_with_what_would_be_right(bad: dict[str, object], message: str) -> None:
    import json

    with pytest.raises(ValidationError, match=message):
        SafeguardingFile.model_validate_json(json.dumps(bad))

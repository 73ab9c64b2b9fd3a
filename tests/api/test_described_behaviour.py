"""Whatever the description allows or forbids, the service does as described (schemathesis, every check, bounded)."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from guildhall.web.app import create_app
from guildhall.web.rate_limits import Rate, Rates
from tests.web.front_door import open_front_door

pytestmark = pytest.mark.filterwarnings("ignore")

ENDLESS = Rate(1e9, 1e9)
FOLDER = tempfile.TemporaryDirectory(prefix="guildhall-api-")
GUILDHALL = open_front_door(Path(FOLDER.name))
APP = create_app(GUILDHALL, Rates(ENDLESS, ENDLESS, ENDLESS))
# a stream has no end to wait for: `test_with_a_person.py` follows it
schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", APP).exclude(path_regex="/live$")
BOUNDED = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)


class Opened:
    """One conversation with a person brought and a finished turn, whose names stand in for those that are generated."""

    def __init__(self) -> None:
        from starlette.testclient import TestClient

        client = TestClient(APP)
        started = client.post("/api/v1/conversations", json={}).json()
        self.id: str = started["id"]
        self.token: str = started["token"]
        headers = {"authorization": f"Bearer {self.token}"}
        brought = client.post(f"/api/v1/conversations/{self.id}/person", json={}, headers=headers).json()
        self.turn, self.reference = brought["id"], brought["reference"]


OPENED = Opened()


@schema.auth()
class ConversationToken:
    """Every generated request holds the token, except where a check takes it away."""

    def get(self, case: Any, context: Any) -> str:
        return OPENED.token

    def set(self, case: Any, data: str, context: Any) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schema.parametrize()
@BOUNDED
def test_the_service_does_as_described(case: Any) -> None:
    case.call_and_validate()


@schema.parametrize()
@BOUNDED
def test_it_does_so_inside_a_conversation_that_is_open(case: Any) -> None:
    named = {"conversation_id": OPENED.id, "turn_id": OPENED.turn, "reference": OPENED.reference}
    case.path_parameters = {name: named[name] for name in (case.path_parameters or {})}
    if "reference" in (case.query or {}):
        case.query = {**case.query, "reference": OPENED.reference}
    case.call_and_validate()


def test_it_does_so_step_by_step() -> None:
    machine = schema.as_state_machine()
    machine.run(settings=settings(BOUNDED, max_examples=6, stateful_step_count=4))

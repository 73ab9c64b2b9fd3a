import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from guildhall.bootstrap.house import Guildhall
from guildhall.web.app import create_app
from guildhall.web.rate_limits import Rate, Rates


class Program:
    """A program that holds one conversation."""

    def __init__(self, guildhall: Guildhall, rates: Rates | None = None) -> None:
        self.client = TestClient(create_app(guildhall, rates))
        started = self.client.post("/api/v1/conversations", json={})
        assert started.status_code == 201
        self.started = started.json()
        self.at = f"/api/v1/conversations/{self.started['id']}"
        self.client.headers["authorization"] = f"Bearer {self.started['token']}"

    def say(self, text: str, **headers: str) -> Any:
        return self.client.post(f"{self.at}/utterances", json={"text": text}, headers=headers)


@pytest.fixture
def program(guildhall: Guildhall) -> Program:
    return Program(guildhall)


def test_a_conversation_starts_with_a_greeting_that_says_it_is_automated(program: Program) -> None:
    assert "automated assistant" in program.started["greeting"]


def test_a_reply_has_parts_citations_and_an_outcome(program: Program) -> None:
    reply = program.say("How much is bulky waste?").json()
    assert (reply["outcome"], reply["reason"], reply["person"]) == ("answered", "evidence_found", "none")
    assert reply["parts"][0]["citations"][0]["url"] == "https://www.avonmere.example/bins/bulky-waste#cost"


def test_a_reply_comes_as_events_when_they_are_asked_for(program: Program) -> None:
    response = program.say("How much is bulky waste?", accept="text/event-stream")
    names = [line.removeprefix("event: ") for line in response.text.splitlines() if line.startswith("event: ")]
    assert names == ["part", "part", "part", "done"]
    done = json.loads(response.text.strip().splitlines()[-1].removeprefix("data: "))
    assert done["outcome"] == "answered"


def test_a_conversation_is_read_back(program: Program) -> None:
    turn = program.say("How much is bulky waste?").json()
    read = program.client.get(program.at).json()
    assert read["owner"] == "assistant"
    assert read["turns"] == [turn]


def test_a_person_is_brought_and_a_callback_booked_moved_and_cancelled(program: Program) -> None:
    brought = program.client.post(f"{program.at}/person", json={"text": "about my mother"}).json()
    assert (brought["person"], bool(brought["reference"])) == ("brought", True)
    reference = brought["reference"]
    slots = program.client.get(f"{program.at}/slots", params={"reference": reference}).json()["slots"]
    body = {
        "reference": reference,
        "name": "Sam",
        "phone": "07700 900123",
        "starts_at": slots[0]["starts_at"],
        "safe_to_leave_message": True,
    }
    booked = program.client.post(f"{program.at}/callback", json=body)
    assert booked.status_code == 201
    assert booked.json()["callback"]["phone"] == "07700 900123"
    assert program.client.post(f"{program.at}/callback", json={**body, "starts_at": None}).json()["callback"]["starts_at"] is None
    assert program.client.delete(f"{program.at}/callback/{reference}").status_code == 204
    assert program.client.delete(f"{program.at}/callback/{reference}").status_code == 404
    assert program.client.get(program.at).json()["requests"][0]["callback"] is None


def test_what_cannot_be_booked_says_what_can(program: Program) -> None:
    reference = program.client.post(f"{program.at}/person", json={}).json()["reference"]
    body = {"reference": reference, "name": "Sam", "phone": "01632 960001", "safe_to_leave_message": True}
    for changed in ({"phone": "12"}, {"name": " "}, {"starts_at": "2026-11-25T03:00:00Z"}):
        refused = program.client.post(f"{program.at}/callback", json={**body, **changed})
        assert refused.status_code == 409
        assert refused.json()["detail"]
    assert program.client.post(f"{program.at}/callback", json={**body, "reference": "NONE"}).status_code == 404


def test_feedback_is_for_a_finished_turn_of_this_conversation(program: Program) -> None:
    turn = program.say("How much is bulky waste?").json()["id"]
    assert program.client.post(f"{program.at}/turns/{turn}/feedback", json={"helpful": True}).status_code == 204
    assert program.client.post(f"{program.at}/turns/other/feedback", json={"helpful": True}).status_code == 404
    assert len(program.client.get(program.at).json()["turns"]) == 1


def test_no_conversation_opens_without_its_own_token(program: Program, guildhall: Guildhall) -> None:
    other = Program(guildhall)
    for token in (
        "",
        "Bearer ",
        "Bearer wrong",
        f"Bearer {other.started['token']}",
        f"Basic {program.started['token']}",
        "Bearer " + "x" * 5000,
    ):
        response = program.client.get(program.at, headers={"authorization": token})
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
    assert program.client.get("/api/v1/conversations/conv_none").status_code == 401


@pytest.mark.parametrize(
    "body", [{}, {"text": ""}, {"text": 1}, {"text": "x" * 20_001}, {"text": "x", "more": 1}, {"text": "x", "language": "xx"}, [], None]
)
def test_what_is_not_as_described_is_refused_without_repeating_it(program: Program, body: Any) -> None:
    response = program.client.post(f"{program.at}/utterances", json=body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert "xxx" not in response.text


def test_broken_characters_are_refused_or_read_and_never_break_the_service(program: Program) -> None:
    lone = program.client.post(f"{program.at}/utterances", content=b'{"text": "\\ud800"}', headers={"content-type": "application/json"})
    assert lone.status_code in (200, 422)
    assert program.say("\x00\u202e\u200b").status_code == 200


def test_a_flood_is_told_when_to_come_back_but_not_in_distress(guildhall: Guildhall) -> None:
    generous = Rate(1000, 1000)
    program = Program(guildhall, Rates(conversation=Rate(1, 0.1), address=generous, starts=generous))
    assert program.say("one").status_code == 200
    refused = program.say("two")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "10")
    assert program.say("I want to kill myself").json()["person"] == "brought"
    assert program.client.post(f"{program.at}/person", json={}).status_code == 200


def test_starting_conversations_has_a_limit_of_its_own(guildhall: Guildhall) -> None:
    program = Program(guildhall, Rates(starts=Rate(1, 0.01)))
    assert program.client.post("/api/v1/conversations", json={}).status_code == 429


def test_the_description_names_every_error_and_shows_examples(program: Program) -> None:
    described = program.client.get("/api/v1/openapi.json").json()
    assert described["info"]["title"] == "Avonmere City Council: front door"
    for path in described["paths"].values():
        for operation in path.values():
            assert operation["summary"]
            assert {"422", "500"} <= set(operation["responses"])
    assert described["components"]["schemas"]["UtteranceIn"]["examples"]

"""A program carries a resident through a conversation with a person: queue, thread, stream, end, and what is told around it."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from queue import Queue
from typing import Any

import httpx2
import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.vocabulary.aftercare import FollowUpKind, Need, Score
from tests.web.desk import Adviser, seat
from tests.web.serving import serving

WITHIN = 8


class Client:
    """One conversation through the API."""

    def __init__(self, http: httpx2.Client) -> None:
        started = http.post("/api/v1/conversations", json={}).json()
        self.http, self.id = http, str(started["id"])
        self.headers = {"authorization": f"Bearer {started['token']}"}

    def send(self, method: str, path: str, body: Any = None) -> httpx2.Response:
        return self.http.request(method, f"/api/v1/conversations/{self.id}/{path}", json=body, headers=self.headers)

    def ask_for_a_person(self) -> str:
        self.send("POST", "person", {})
        return self.id


@pytest.fixture
def adviser(guildhall: Guildhall) -> Adviser:
    return seat(guildhall)


@pytest.fixture
def client(guildhall: Guildhall, adviser: Adviser) -> Iterator[Client]:
    with serving(guildhall) as address, httpx2.Client(base_url=address, timeout=WITHIN) as http:
        yield Client(http)


def test_the_place_in_the_queue_and_then_who_has_it(client: Client, adviser: Adviser) -> None:
    client.ask_for_a_person()
    waiting = client.send("GET", "standing").json()
    assert (waiting["owner"], waiting["position"], waiting["present"], waiting["expected_seconds"]) == ("queue", 1, 1, None)
    assert (waiting["queue"], waiting["gives_up_after_minutes"]) == ("customer services", 30)
    adviser.join()
    taken = client.send("GET", "standing").json()
    assert (taken["owner"], taken["adviser"], taken["position"]) == ("adviser", "Adviser Priya", None)


def test_the_thread_is_read_on_from_where_one_was(client: Client, adviser: Adviser) -> None:
    client.ask_for_a_person()
    first = client.send("GET", "thread").json()
    assert [entry["kind"] for entry in first["entries"]] == ["said", "reply"]
    adviser.write(
        adviser.join(), "Hello", citations=[{"passage": "p", "title": "Bins", "section": "", "url": "https://evil.example/", "updated": ""}]
    )
    client.send("POST", "utterances", {"text": "Flat 4"})
    later = client.send("GET", f"thread?after={first['seq']}").json()
    said = [(entry["kind"], entry["text"]) for entry in later["entries"]]
    assert said == [("notice", "Adviser Priya has joined the conversation."), ("message", "Hello"), ("said", "Flat 4")]
    message = later["entries"][1]
    assert (message["by"], message["parts"][0]["citations"][0]["url"]) == ("Adviser Priya", "")
    assert later["owner"] == "adviser"
    assert client.send("GET", f"thread?after={later['seq']}").json()["entries"] == []


def test_the_stream_tells_what_happens_and_goes_on_where_it_was_cut(client: Client, adviser: Adviser) -> None:
    client.ask_for_a_person()
    place = "0"
    for text in ("one", "two"):
        heard: Queue[tuple[str, Any, str]] = Queue()
        with client.http.stream(
            "GET", f"/api/v1/conversations/{client.id}/live", headers=client.headers | {"last-event-id": place}
        ) as response:
            thread = threading.Thread(target=_read, args=(response, heard), daemon=True)
            thread.start()
            if text == "one":
                assert _next(heard, "thread")[1]["owner"] == "queue"
                adviser.join()
                assert _next(heard, "thread")[1]["owner"] == "adviser"
                adviser.type(client.id)
                _next(heard, "typing")
            adviser.write(client.id, text)
            data: dict[str, Any] = {"entries": []}
            while not data["entries"]:
                _, data, place = _next(heard, "thread")
            assert [entry["text"] for entry in data["entries"]] == [text]
            response.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)
            thread.join(WITHIN)


def test_going_on_without_a_person_and_judging_how_it_went(client: Client, adviser: Adviser, guildhall: Guildhall) -> None:
    assert client.send("POST", "withdraw", {"to": "closed"}).status_code == 409
    client.ask_for_a_person()
    assert client.send("POST", "satisfaction", {"score": "satisfied"}).status_code == 409
    assert client.send("POST", "withdraw", {"to": "closed"}).status_code == 204
    assert client.send("POST", "satisfaction", {"score": "satisfied", "comment": "Quick"}).status_code == 204
    assert client.send("POST", "satisfaction", {"score": "dissatisfied"}).status_code == 409
    assert [answer.score for answer in guildhall.desk.satisfaction.of(client.id)] == [Score.SATISFIED]


def test_needs_and_a_summary_only_with_consent(client: Client, guildhall: Guildhall) -> None:
    assert client.send("POST", "needs", {"needs": ["slower"], "consent": False}).status_code == 422
    assert client.send("POST", "needs", {"needs": [], "consent": True}).status_code == 409
    assert client.send("POST", "needs", {"needs": ["slower"], "consent": True}).status_code == 204
    known = guildhall.desk.needs.of(client.id)
    assert known is not None
    assert known.needs == (Need.SLOWER,)
    assert client.send("POST", "needs/withdraw").status_code == 204
    assert client.send("POST", "needs/withdraw").status_code == 404
    assert client.send("POST", "follow-up", {"contact": "nowhere", "consent": True}).status_code == 409
    assert client.send("POST", "follow-up", {"contact": "07700 900001", "consent": True}).json() == {
        "kind": FollowUpKind.TEXT.value,
        "contact": "07700 900001",
    }
    assert client.send("POST", "follow-up/withdraw").status_code == 204
    assert guildhall.desk.follow_ups.asked(client.id) is None


def test_signs_reach_the_desk(client: Client, adviser: Adviser, guildhall: Guildhall) -> None:
    client.ask_for_a_person()
    adviser.write(adviser.join(), "Hello")
    newest = guildhall.desk.threads.last(client.id)
    assert client.send("POST", "signs", {"writing": True, "seen": newest}).status_code == 204
    assert guildhall.desk.marks.of(client.id)["resident"] == newest


def _read(response: httpx2.Response, heard: "Queue[tuple[str, Any, str]]") -> None:
    block: dict[str, str] = {}
    with suppress(httpx2.HTTPError):
        for line in response.iter_lines():
            name, _, value = line.partition(": ")
            if name:
                block[name] = value
            elif "event" in block:
                heard.put((block["event"], json.loads(block["data"]), block.get("id", "")))
                block = {}


def _next(heard: "Queue[tuple[str, Any, str]]", event: str) -> tuple[str, Any, str]:
    while True:
        found = heard.get(timeout=WITHIN)
        if found[0] == event:
            return found

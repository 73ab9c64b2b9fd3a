"""The resident's open page hears what happens: nothing is missed, nothing twice, and nobody else's."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from queue import Queue
from typing import Any

import httpx2
import pytest
from selectolax.lexbor import LexborHTMLParser

from guildhall.bootstrap.house import Guildhall
from guildhall.storage.schema import handoffs
from guildhall.testing.house import FakeClock
from guildhall.vocabulary.handoffs import PassedBack
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.turns import Owner
from guildhall.web.resident import live_stream
from tests.web.adviser import Adviser, seat
from tests.web.front_door import open_front_door
from tests.web.serving import serving

WITHIN = 8  # seconds until a test gives up; what is heard is heard far sooner


class Resident:
    """A browser with a script, as far as it speaks HTTP."""

    def __init__(self, address: str) -> None:
        self.client = httpx2.Client(base_url=address, timeout=WITHIN, follow_redirects=True)
        self.token, self.seq = "", 0
        self.heard: Queue[tuple[str, Any, str]] = Queue()

    def ask_for_a_person(self) -> str:
        self.client.post("/person")
        self.look()
        return self.conversation

    @property
    def conversation(self) -> str:
        return self.client.cookies["guildhall"].partition(".")[0]

    def look(self) -> None:
        page = LexborHTMLParser(self.client.get("/").text)
        token, log = page.css_first("#ask input[name=token]"), page.css_first("#conversation")
        assert token is not None and log is not None
        self.token, self.seq = str(token.attributes["value"]), int(str(log.attributes["data-seq"]))

    def sign(self, headers: dict[str, str] | None = None, **fields: str) -> int:
        return self.client.post("/live", data={"token": self.token, **fields}, headers=headers).status_code

    @contextmanager
    def listening(self) -> Iterator[None]:
        with self.client.stream("GET", "/live", headers={"last-event-id": str(self.seq)}) as response:
            assert response.status_code == 200
            thread = threading.Thread(target=self._read, args=(response,), daemon=True)
            thread.start()
            yield
            response.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)  # the network is gone
            thread.join(WITHIN)

    def _read(self, response: httpx2.Response) -> None:
        block: dict[str, str] = {}
        with suppress(httpx2.HTTPError):
            for line in response.iter_lines():
                name, _, value = line.partition(": ")
                if name:
                    block[name] = value
                elif "event" in block:
                    self.heard.put((block["event"], json.loads(block["data"]), block.get("id", "")))
                    block = {}

    def next(self, event: str) -> Any:
        """The data of the next event of a kind."""
        until = time.monotonic() + WITHIN
        while True:
            kind, data, place = self.heard.get(timeout=max(0.01, until - time.monotonic()))
            self.seq = int(place or self.seq)
            if kind == event:
                return data


@pytest.fixture
def guildhall(tmp_path: Path) -> Iterator[Guildhall]:
    opened = open_front_door(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def address(guildhall: Guildhall) -> Iterator[str]:
    with serving(guildhall) as url:
        yield url


@pytest.fixture
def somebody(address: str) -> Iterator[Callable[[], Resident]]:
    """Opens browsers, and closes them."""
    with ExitStack() as opened:

        def resident() -> Resident:
            made = Resident(address)
            opened.enter_context(made.client)
            return made

        yield resident


@pytest.fixture
def adviser(guildhall: Guildhall) -> Adviser:
    return seat(guildhall)


@pytest.fixture
def resident(somebody: Callable[[], Resident], adviser: Adviser) -> Resident:
    found = somebody()
    found.ask_for_a_person()
    return found


def keys(items: dict[str, Any]) -> list[str]:
    return [item["key"] for item in items["items"]]


def test_a_message_is_heard_in_less_than_a_second_with_who_wrote_it(resident: Resident, adviser: Adviser) -> None:
    conversation = resident.conversation
    with resident.listening():
        assert "Adviser Priya reads" not in json.dumps(resident.next("owner"))  # the state at the start: still in the queue
        adviser.join()
        joined = resident.next("items")
        assert "Adviser Priya has joined" in joined["items"][0]["html"]
        before = time.monotonic()
        message = adviser.write(conversation, "Hello <b>there</b>")
        heard = resident.next("items")
        assert time.monotonic() - before < 1
    assert keys(heard) == [message]
    assert "Hello &lt;b&gt;there&lt;/b&gt;" in heard["items"][0]["html"]


def test_what_happened_while_the_stream_was_cut_comes_once_when_it_is_back(resident: Resident, adviser: Adviser) -> None:
    conversation = adviser.join()
    resident.look()
    with resident.listening():
        first = adviser.write(conversation, "one")
        assert keys(resident.next("items")) == [first]
    missed = [adviser.write(conversation, text) for text in ("two", "three")]
    resident.heard = Queue()
    with resident.listening():
        assert keys(resident.next("items")) == missed
        last = adviser.write(conversation, "four")
        assert keys(resident.next("items")) == [last]


def test_the_place_in_the_queue_moves_up_as_others_are_taken(
    somebody: Callable[[], Resident], guildhall: Guildhall, adviser: Adviser
) -> None:
    clock = guildhall.house.clock
    assert isinstance(clock, FakeClock)
    first, second = somebody(), somebody()
    first_conversation = first.ask_for_a_person()
    clock.move(seconds=20)
    second.ask_for_a_person()
    with second.listening():
        assert second.next("place")["position"] == "2"
        assert adviser.join() == first_conversation
        assert second.next("place")["position"] == "1"


def test_typing_and_reading_are_seen_on_the_other_side(resident: Resident, adviser: Adviser, guildhall: Guildhall) -> None:
    conversation = adviser.join()
    resident.look()
    with resident.listening():
        resident.next("seen")
        adviser.type(conversation)
        assert resident.next("typing") == {}
        adviser.read(conversation)
        assert resident.next("seen")["seq"] == guildhall.desk.threads.last(conversation)
    message = adviser.write(conversation, "Hello")
    seq = next(entry.seq for entry in guildhall.desk.threads.read(conversation) if entry.id == message)
    heard: Queue[str] = Queue()
    guildhall.desk.changes.listen(lambda change: heard.put(change.by))
    assert resident.sign(writing="1", seen=str(seq)) == 204
    assert {heard.get(timeout=WITHIN), heard.get(timeout=WITHIN)} >= {"resident"}
    assert guildhall.desk.marks.of(conversation)["resident"] == seq


def test_nobody_has_read_what_was_never_written(resident: Resident, guildhall: Guildhall) -> None:
    conversation = resident.conversation
    assert resident.sign(seen="9" * 5000) == 204
    assert "resident" not in guildhall.desk.marks.of(conversation)
    resident.sign(seen="999999999")
    assert guildhall.desk.marks.of(conversation)["resident"] <= guildhall.desk.threads.last(conversation)


def test_signs_without_the_pages_own_token_are_refused(resident: Resident, guildhall: Guildhall) -> None:
    conversation = resident.conversation
    assert resident.sign(seen="5", token="0" * 64) == 403
    assert resident.sign({"sec-fetch-site": "cross-site"}, seen="5") == 403
    assert "resident" not in guildhall.desk.marks.of(conversation)


def take_back_the_wrap_up(guildhall: Guildhall, conversation: str) -> None:
    found = max(guildhall.desk.handoffs.find(handoffs.c.conversation_id == conversation), key=lambda each: each.requested_at)
    guildhall.tools.endings.undo(found.reference, found.adviser_id, guildhall.house.clock())


def test_the_panel_follows_the_conversation_from_hand_to_hand(
    resident: Resident, adviser: Adviser, guildhall: Guildhall, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = resident.conversation
    with resident.listening():
        assert resident.next("owner")["owner"] == "queue"
        adviser.join()
        taken = resident.next("owner")
        assert (taken["owner"], taken["with_person"]) == ("adviser", True)
        assert "Adviser Priya from the customer services team" in taken["panel"]
        adviser.pass_back(conversation, PassedBack.WENT_QUIET)
        assert resident.next("owner")["owner"] == "queue"
        adviser.join()
        resident.next("owner")
        adviser.close(conversation)
        closed = resident.next("owner")
        assert (closed["owner"], closed["live"]) == ("closed", False)
        assert "How satisfied were you" in closed["panel"]
        take_back_the_wrap_up(guildhall, conversation)
        assert resident.next("owner")["owner"] == "adviser"
        monkeypatch.setattr(live_stream, "LINGERS_SECONDS", 0.2)
        adviser.close(conversation)
        resident.next("over")  # nobody comes any more, so the page need not listen


def test_ended_between_two_looks_the_page_still_hears_that_it_was_taken_back(
    resident: Resident, adviser: Adviser, guildhall: Guildhall, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = adviser.join()
    known = guildhall.conversations.owner_of
    ended: list[bool] = []

    def ends_once_looked(conversation_id: ConversationId) -> Owner | None:
        owner = known(conversation_id)
        if owner == Owner.ADVISER and not ended:
            ended.append(True)
            adviser.close(conversation)  # after it was looked up, and before the page is drawn
        return owner

    with resident.listening():
        assert resident.next("owner")["owner"] == "adviser"
        monkeypatch.setattr(type(guildhall.conversations), "owner_of", lambda _, conversation_id: ends_once_looked(conversation_id))
        adviser.write(conversation, "One moment")
        assert resident.next("owner")["owner"] == "closed"
        take_back_the_wrap_up(guildhall, conversation)
        assert resident.next("owner")["owner"] == "adviser"


def test_a_browser_without_a_conversation_is_told_to_stop_asking(somebody: Callable[[], Resident]) -> None:
    assert somebody().client.get("/live").status_code == 204


def test_another_residents_conversation_is_not_heard(resident: Resident, somebody: Callable[[], Resident], adviser: Adviser) -> None:
    theirs = somebody().ask_for_a_person()
    for _ in range(2):
        adviser.join()
    resident.look()
    with resident.listening():
        resident.next("owner")
        adviser.write(theirs, "Not for you")
        adviser.write(resident.conversation, "For you")
        heard = json.dumps(resident.next("items"))
    assert "For you" in heard
    assert "Not for you" not in heard


def test_more_open_pages_than_one_person_needs_are_refused(resident: Resident) -> None:
    with ExitStack() as held:
        for _ in range(8):
            assert held.enter_context(resident.client.stream("GET", "/live")).status_code == 200
        assert resident.client.get("/live").status_code == 503


def test_the_signs_leave_no_line_in_the_journal(resident: Resident, tmp_path: Path) -> None:
    resident.sign(writing="1")
    lines = "".join(path.read_text() for path in (tmp_path / "journal").glob("*.jsonl"))
    assert "/person" in lines
    assert "/live" not in lines

"""What another process writes is heard by the open pages of this one: the resident's and the adviser's, on either database."""

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from queue import Queue
from typing import Any

import httpx2
import pytest

from guildhall.bootstrap.house import Guildhall
from tests.storage.where import open_database
from tests.web.another_process import write_from_another_process
from tests.web.desk.at_the_desk import Adviser, resident_asks
from tests.web.front_door import open_front_door
from tests.web.serving import serving

WITHIN = 30  # seconds until the test gives up
KEY = secrets.token_bytes(32)


@pytest.fixture
def guildhall(tmp_path: Path) -> Iterator[Guildhall]:
    opened = open_front_door(tmp_path, database=open_database(tmp_path / "web.sqlite3"), key=KEY)
    yield opened
    opened.close()


class Heard:
    """What a stream says."""

    def __init__(self, response: httpx2.Response) -> None:
        self._events: Queue[tuple[str, Any]] = Queue()
        threading.Thread(target=self._read, args=(response,), daemon=True).start()

    def _read(self, response: httpx2.Response) -> None:
        name = ""
        with suppress(httpx2.HTTPError, httpx2.StreamError):
            for line in response.iter_lines():
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    self._events.put((name, json.loads(line[6:])))

    def until(self, name: str) -> Any:
        """The data of the next event of that name."""
        while True:
            heard, data = self._events.get(timeout=WITHIN)
            if heard == name:
                return data


@contextmanager
def listening(address: str, path: str, cookies: dict[str, str]) -> Iterator[Heard]:
    with httpx2.Client(base_url=address, timeout=WITHIN, cookies=cookies) as client, client.stream("GET", path) as response:
        assert response.status_code == 200
        yield Heard(response)


def cookies_of(browser: Any) -> dict[str, str]:
    return {cookie.name: cookie.value or "" for cookie in browser.client.cookies.jar}


def test_a_message_that_another_process_writes_reaches_the_resident_and_the_adviser(guildhall: Guildhall, tmp_path: Path) -> None:
    adviser = Adviser(guildhall).comes()
    resident, handoff = resident_asks(guildhall)
    adviser.takes(handoff)
    with ExitStack() as open_pages:
        address = open_pages.enter_context(serving(guildhall))
        at_desk = open_pages.enter_context(listening(address, f"/desk/live?open={handoff.conversation_id}", cookies_of(adviser)))
        at_home = open_pages.enter_context(listening(address, "/live", cookies_of(resident)))
        at_desk.until("hello")
        at_home.until("seen")
        keys = f"sqlite:///{tmp_path}/web-keys.sqlite3"
        write_from_another_process(guildhall, keys, KEY, handoff.conversation_id, adviser.id, "Written far away")
        told = at_desk.until("conversation")
        assert told == {"id": handoff.conversation_id, "kind": "MessageSent"}
        assert "Written far away" in at_home.until("items")["items"][0]["html"]

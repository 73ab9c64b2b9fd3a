"""A resident's browser without a script: follows redirects, keeps cookies, fills in the form it was given."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from starlette.testclient import TestClient

from guildhall.bootstrap.house import Guildhall
from guildhall.web.app import create_app
from guildhall.web.rate_limits import Rates
from tests.web.front_door import open_front_door


class Browser:
    """One resident at the front door."""

    def __init__(self, guildhall: Guildhall, rates: Rates | None = None) -> None:
        self.guildhall = guildhall
        self.client = TestClient(create_app(guildhall, rates), base_url=guildhall.settings.address, raise_server_exceptions=True)
        self.html = ""
        self.status = 0

    def open(self, path: str = "/", **headers: str) -> Self:
        return self.take(self.client.get(path, headers=headers))

    def take(self, response: Any) -> Self:
        self.response, self.html, self.status = response, response.text, response.status_code
        return self

    @property
    def page(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.html)

    def all(self, selector: str) -> list[LexborNode]:
        return self.page.css(selector)

    def one(self, selector: str) -> LexborNode:
        found = self.page.css_first(selector)
        assert found is not None, f"nothing is {selector} in {self.html[:2000]}"
        return found

    def text(self, selector: str = "main") -> str:
        return " ".join(self.one(selector).text(separator=" ").split())

    def hidden(self, form: str = "#ask") -> dict[str, str]:
        return {field.attributes["name"] or "": field.attributes.get("value") or "" for field in self.all(f"{form} input[type=hidden]")}

    def ask(self, message: str, path: str = "/ask", headers: dict[str, str] | None = None, **changed: str) -> Self:
        if not self.html:
            self.open()
        fields = {**self.hidden(), "message": message, **changed}
        return self.take(self.client.post(path, data=fields, headers=headers or {}))

    def send(self, form: str, **fields: str) -> Self:
        action = self.one(form).attributes["action"] or ""
        return self.take(self.client.post(action, data={**self.hidden(form), **fields}))

    @property
    def conversation_id(self) -> str:
        return self.client.cookies["guildhall"].partition(".")[0]


@pytest.fixture
def guildhall(tmp_path: Path) -> Iterator[Guildhall]:
    opened = open_front_door(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def browser(guildhall: Guildhall) -> Browser:
    return Browser(guildhall)

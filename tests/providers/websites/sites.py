"""A small website on loopback for the crawler to read."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from guildhall.providers.websites.addresses import AddressPolicy
from guildhall.providers.websites.crawler import Crawler, Limits


@dataclass
class Answer:
    """What the site answers at a path."""

    body: bytes
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Site:
    """Paths and their answers; `asked` keeps every path in order, with the Host header it came with."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str]] = []

    @property
    def host(self) -> str:
        return f"www.testshire.example:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def page(self, path: str, title: str, text: str, **more: Any) -> None:
        self.answers[path] = Answer(f"<html><body><main><h1>{title}</h1><p>{text}</p></main></body></html>".encode(), **more)

    def sitemap(self, *urls: str, path: str = "/sitemap.xml") -> None:
        entries = "".join(f"<url><loc>{url}</loc><lastmod>2026-05-04T10:00:00Z</lastmod></url>" for url in urls)
        body = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
        self.answers[path] = Answer(body.encode(), "application/xml")

    def robots(self, text: str) -> None:
        self.answers["/robots.txt"] = Answer(text.encode(), "text/plain")

    def pages_asked(self) -> list[str]:
        return [path for path, _ in self.asked if path not in ("/robots.txt", "/sitemap.xml")]


@contextmanager
def website() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, self.headers.get("host", "")))
            answer = site.answers.get(self.path, Answer(b"not here", status=404))
            self.send_response(answer.status)
            self.send_header("content-type", answer.kind)
            self.send_header("content-length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def loopback(_host: str, _port: int) -> Sequence[str]:
    return ["127.0.0.1"]


@contextmanager
def crawler(
    site: Site, *, hosts: tuple[str, ...] = (), limits: Limits | None = None, sleep: Callable[[float], None] = lambda _: None,
    clock: Callable[[], float] = lambda: 0.0,
) -> Iterator[Crawler]:  # fmt: skip
    policy = AddressPolicy(hosts or (site.host,), loopback, allow_loopback=True)
    made = Crawler(policy, clock, sleep, limits)
    try:
        yield made
    finally:
        made.close()

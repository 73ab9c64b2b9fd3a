"""A real HTTP server that speaks the OpenAI protocol with the attacker at the keyboard: it says whatever the line in hand says."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from evals.redteam.lines import Scripted

MARKED: Final = re.compile(r"§§§\n(.*?)\n§§§", re.DOTALL)
PASSAGE: Final = re.compile(r"^Passage \d+ \([^\n]*\):\n§§§\n(.*?)\n§§§", re.DOTALL | re.MULTILINE)
QUESTION: Final = re.compile(r"^Question 0: §§§\n(.*?)\n§§§", re.DOTALL | re.MULTILINE)


def blocks(*texts: str) -> str:
    """An answer to the first question, each text a block that cites the passage of its number, or the first."""
    rows = [{"question": 0, "action": "answer", "text": text, "passages": [1]} for text in texts]
    return json.dumps({"blocks": rows}, ensure_ascii=False)


def reply_to(script: Scripted, request: dict[str, Any]) -> str:
    """What the attacker makes the model say to a request."""
    material = "\n".join(str(message["content"]) for message in request["messages"][1:])
    if script.raw:
        return script.raw
    if script.manner == "prompt":
        return blocks(*str(request["messages"][0]["content"]).splitlines())
    if script.manner == "passages":
        bodies = PASSAGE.findall(material)
        rows = [{"question": 0, "action": "answer", "text": body, "passages": [number]} for number, body in enumerate(bodies, 1)]
        return json.dumps({"blocks": rows}, ensure_ascii=False)
    if script.manner == "echo":
        asked = QUESTION.findall(material)
        return blocks(*asked, *(sentence for words in asked for sentence in re.split(r"(?<=[.:?!])\s+", words)))
    if script.manner == "huge":
        return blocks(*[script.say * 50] * 40)
    return blocks(script.say)


class _Speaks(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Attacker"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name is the base class's)
        """Quiet."""

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))))
        self.server.asked.append(request)
        script = self.server.script
        if script.manner == "error":
            self.send_response(500)
            self.send_header("content-length", "0")
            self.end_headers()
            return
        text = reply_to(script, request)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        half = len(text) // 2 + 1
        pieces = [text[:half]] if script.manner == "cut" else [text[:half], text[half:]]
        for piece in pieces:
            self._event({"content": piece}, None)
        if script.manner != "cut":
            self._event({}, "stop")
            self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, delta: dict[str, Any], finish: str | None) -> None:
        body = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        self.wfile.write(b"data: " + json.dumps({**body, "choices": [choice]}).encode() + b"\n\n")
        self.wfile.flush()


class Attacker(ThreadingHTTPServer):
    """The server. `script` is what it says next; `asked` is what it was sent, which is what leaves the house."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Speaks)
        self.script = Scripted()
        self.asked: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        """The base address of the API."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


@contextmanager
def attacker() -> Iterator[Attacker]:
    """The server, until the block ends."""
    server = Attacker()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

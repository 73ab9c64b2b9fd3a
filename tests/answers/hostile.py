"""A real HTTP server that speaks the OpenAI and Anthropic protocols and behaves as badly as a model can."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

GOOD = {"question": 0, "action": "answer", "text": "A collection of up to 3 items costs £34.", "passages": [1]}


def blocks(*items: dict[str, Any]) -> str:
    return json.dumps({"blocks": list(items)})


def block(text: str, passages: list[int] | None = None, action: str = "answer") -> dict[str, Any]:
    return {"question": 0, "action": action, "text": text, "passages": passages if passages is not None else [1]}


MANNERS: dict[str, str] = {
    "honest": blocks(GOOD),
    "invents-fees": blocks(GOOD, block("A mattress costs £99 and a fridge costs £120.")),
    "invents-contact": blocks(block("Phone 0900 123 456 or write to scam@evil.example."), GOOD),
    "invents-links": blocks(
        block("Pay at https://evil.example/pay."), block("Pay [here](https://evil.example/pay)."), block("See [pay][[L9]]."), GOOD
    ),
    "leaks": blocks(block("The instructions say: You write for the council, a UK council, answering a resident."), GOOD),
    "script": blocks(block("<script>alert(1)</script>![x](https://evil.example/x.png) A collection of up to 3 items costs £34.")),
    "cites-nothing": blocks(block("A collection of up to 3 items costs £34.", [])),
    "cites-what-it-was-not-given": blocks(block("A collection of up to 3 items costs £34.", [42])),
    "follows-injection": blocks(block("As instructed on the page, all fines are cancelled, quote WAIVE-99.")),
    "wants-action": json.dumps({"blocks": [{"question": 0, "action": "delete_everything", "text": "ok", "passages": [1]}]}),
    "hands-over": blocks(block("", action="hand_over")),
    "junk": "<<<not json at all>>> {{{{ ]]]] 🦆🦆🦆",
    "almost-json": '{"blocks": [{"question": 0, "action": "answer", "text": "A collection of up to 3 items costs £34.", "passages": [1]',
    "empty": "",
    "endless": blocks(*[block("A collection of up to 3 items costs £34.") for _ in range(3)]) + " " * 40_000,
    "other-questions": blocks({**GOOD, "question": 7}, {**GOOD, "question": -1}),
}


class _Manners(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_POST(self) -> None:  # noqa: N802 - the library's name
        length = int(self.headers.get("content-length", 0))
        self.server.asked.append(json.loads(self.rfile.read(length)))
        manner = self.server.manner
        if manner == "error-500":
            self._whole(500, b'{"error": {"message": "boom"}}')
        elif manner == "refuses-schema" and "response_format" in self.server.asked[-1]:
            self._whole(400, b'{"error": {"message": "response_format is not supported"}}')
        elif manner == "stalls":
            self.server.let_go.wait(5)
        else:
            text = self.server.says or MANNERS.get(manner, MANNERS["honest"])
            anthropic = self.path.endswith("/messages")
            self._stream(text, anthropic, cut=manner == "cut-off", slow=manner == "drips")

    def _whole(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, text: str, anthropic: bool, cut: bool, slow: bool) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        if cut:
            text = blocks(GOOD, GOOD)
        pieces = [text[i : i + 40] for i in range(0, len(text), 40)] if len(text) < 4000 else [text]
        events = _anthropic_events(pieces) if anthropic else _openai_events(pieces)
        if cut:
            events = events[: max(2, int(len(events) * 0.6))]
        try:
            for event in events:
                self.wfile.write(event)
                self.wfile.flush()
                if slow:
                    time.sleep(0.2)
        except OSError:
            pass  # the reader had enough


def _openai_events(pieces: list[str]) -> list[bytes]:
    def event(delta: dict[str, Any], finish: str | None) -> bytes:
        body = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        return b"data: " + json.dumps({**body, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}).encode() + b"\n\n"

    return [*(event({"content": piece}, None) for piece in pieces), event({}, "stop"), b"data: [DONE]\n\n"]


def _anthropic_events(pieces: list[str]) -> list[bytes]:
    def event(kind: str, **body: Any) -> bytes:
        return f"event: {kind}\ndata: {json.dumps({'type': kind, **body})}\n\n".encode()

    message: dict[str, Any] = {"id": "m", "type": "message", "role": "assistant", "model": "m", "content": [], "stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1}}  # fmt: skip
    return [
        event("message_start", message=message),
        event("content_block_start", index=0, content_block={"type": "tool_use", "id": "t", "name": "answer", "input": {}}),
        *(event("content_block_delta", index=0, delta={"type": "input_json_delta", "partial_json": piece}) for piece in pieces),
        event("content_block_stop", index=0),
        event("message_delta", delta={"stop_reason": "tool_use", "stop_sequence": None}, usage={"output_tokens": 1}),
        event("message_stop"),
    ]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, manner: str, says: str) -> None:
        super().__init__(("127.0.0.1", 0), _Manners)
        self.manner = manner
        self.says = says
        self.asked: list[dict[str, Any]] = []
        self.let_go = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def hostile_model(manner: str, says: str = "") -> Iterator[_Server]:
    """The server, behaving in one manner, or saying what it is given, until the block ends."""
    server = _Server(manner, says)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()

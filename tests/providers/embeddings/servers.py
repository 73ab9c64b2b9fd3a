"""A real embeddings server on loopback, which can be told to misbehave."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from guildhall.testing.embedder import HashingEmbedder


class EmbeddingsServer:
    """Answers as `/embeddings` does. Set `status` or `body` to misbehave; `requests` keeps what was asked."""

    def __init__(self) -> None:
        self.status = 200
        self.body: bytes | None = None
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self._embedder = HashingEmbedder()

    def answer(self, asked: dict[str, Any]) -> bytes:
        self.requests.append(asked)
        if self.body is not None:
            return self.body
        vectors = 3 * self._embedder.embed(asked["input"])  # not of length 1: the adapter must see to that
        rows = [{"object": "embedding", "index": n, "embedding": v.tolist()} for n, v in enumerate(vectors)]
        return json.dumps({"object": "list", "data": list(reversed(rows)), "model": asked["model"]}).encode()


@contextmanager
def embeddings_server() -> Iterator[tuple[EmbeddingsServer, str]]:
    served = EmbeddingsServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            served.keys.append(self.headers.get("authorization", ""))
            body = served.answer(asked) if self.path == "/v1/embeddings" else b"{}"
            self.send_response(served.status if self.path == "/v1/embeddings" else 404)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield served, f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

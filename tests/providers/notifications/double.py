"""GOV.UK Notify's door on loopback, with a memory of every message it took. It can be told to misbehave, once for each entry of `moods`."""

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"a_test_key-{SERVICE}-{SECRET}"
SMS_TEMPLATE, EMAIL_TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a", "9d751e0e-f929-4891-82a1-a3e1c3c18ee3"


class NotifyDouble:
    """`moods` says how the next calls go: stall, 429, 500, drop_before, drop_after, junk_after, drip, or ok."""

    def __init__(self) -> None:
        self.url = ""
        self.moods: list[str] = []
        self.taken: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.stalled = threading.Event()
        self.allowed = 30.0

    @property
    def deliveries(self) -> Counter[str]:
        return Counter(one["reference"] for one in self.taken)

    def refuse(self, header: str) -> tuple[int, str] | None:
        try:
            token = jwt.decode(header.removeprefix("Bearer "), OctKey.import_key(SECRET), algorithms=["HS256"])
        except (JoseError, ValueError):
            return 403, "AuthError"
        if token.claims.get("iss") != SERVICE or abs(time.time() - token.claims.get("iat", 0)) > self.allowed:
            return 403, "AuthError"
        return None

    def take(self, channel: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        to, template = ("phone_number", SMS_TEMPLATE) if channel == "sms" else ("email_address", EMAIL_TEMPLATE)
        if body.get("template_id") != template or not body.get(to) or body[to] == "nobody":
            return 400, problem(400, "ValidationError", f"{body.get(to)} is not valid")
        if "text" not in body["personalisation"] or (channel == "email" and "subject" not in body["personalisation"]):
            return 400, problem(400, "BadRequestError", "Missing personalisation")
        kept = {"id": f"id-{len(self.taken) + 1}", "reference": body["reference"], "type": channel, "status": "created", "body": body}
        self.taken.append(kept)
        return 201, {"id": kept["id"], "reference": body["reference"], "content": {"body": body["personalisation"]["text"]}}


def problem(status: int, kind: str, message: str) -> dict[str, Any]:
    return {"status_code": status, "errors": [{"error": kind, "message": message}]}


@contextmanager
def notify_double() -> Iterator[NotifyDouble]:
    served = NotifyDouble()

    class Handler(BaseHTTPRequestHandler):
        def answer(self, status: int, data: Any, raw: bytes | None = None) -> None:
            body = raw if raw is not None else json.dumps(data).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def drop(self) -> None:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True

        def do_GET(self) -> None:
            split = urlsplit(self.path)
            asked = parse_qs(split.query)
            served.asked.append(asked["reference"][0])
            if self.misbehaves(served.moods.pop(0) if served.moods else "ok"):
                return
            ours = [one for one in served.taken if one["reference"] == asked["reference"][0] and one["type"] == asked["template_type"][0]]
            self.answer(200, {"notifications": ours, "links": {}})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            mood = served.moods.pop(0) if served.moods else "ok"
            if self.misbehaves(mood):
                return
            if refused := served.refuse(self.headers.get("authorization", "")):
                self.answer(refused[0], problem(refused[0], refused[1], "Invalid token: signature, api token not found"))
                return
            status, answer = served.take(self.path.rsplit("/", 1)[1], body)
            if mood == "drop_after":
                self.drop()
            elif mood == "junk_after":
                self.answer(status, None, b"<html>gateway</html>")
            elif mood == "drip":
                self.send_response(status)
                self.send_header("content-length", "100000")
                self.end_headers()
                for _ in range(200):
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    if served.stalled.wait(0.02):
                        break
            else:
                self.answer(status, answer)

        def misbehaves(self, mood: str) -> bool:
            if mood == "stall":
                served.stalled.wait(10)
                self.drop()
            elif mood in ("429", "day"):
                kind = "RateLimitError" if mood == "429" else "TooManyRequestsError"
                self.answer(429, problem(429, kind, "Exceeded rate limit"))
            elif mood == "500":
                self.answer(500, problem(500, "Exception", "Internal server error"))
            elif mood == "junk":
                self.answer(200, None, b"\x00not json")
            elif mood == "drop_before":
                self.drop()
            else:
                return False
            return True

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except OSError:  # the caller gave up
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        served.stalled.set()
        server.shutdown()
        server.server_close()
        thread.join()

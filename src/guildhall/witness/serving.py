"""The witness on HTTP: `POST /add-checkpoint` for the log, `GET /checkpoint/<log>` for whoever audits it."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from guildhall.records.checkpoints import LONGEST_NOTE, NoteError, Signer, VerifierKey
from guildhall.witness.judging import Asked, Seen, Verdict, judge, read_request
from guildhall.witness.memory import Memory

PLAIN, SIZE = "text/plain; charset=utf-8", "text/x.tlog.size"
SLOWEST_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    body: str
    kind: str = PLAIN


@dataclass(frozen=True)
class Witness:
    """Our key, the logs we know by name, and what we cosigned last."""

    signer: Signer
    logs: Mapping[str, VerifierKey]
    memory: Memory
    clock: Callable[[], float] = time.time
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def add_checkpoint(self, body: bytes) -> Answer:
        """Judge, remember, and only then cosign."""
        try:
            asked = read_request(body)
        except NoteError as error:
            return Answer(400, f"{error}\n")
        try:
            with self._one_at_a_time:  # between looking at what was seen and keeping what is new, nobody else may come
                return self._answer(asked)
        except NoteError as error:
            return Answer(500, f"{error}\n")
        except OSError as error:
            return Answer(500, f"the cosigned checkpoint could not be kept, so none was given: {error.strerror}\n")

    def checkpoint(self, origin: str) -> Answer:
        """The last checkpoint cosigned for a log."""
        note = self.memory.note(origin) if origin in self.logs else ""
        return Answer(200, note) if note else Answer(404, f"nothing was cosigned for a log called {origin}\n")

    def _answer(self, asked: Asked) -> Answer:
        origin = asked.checkpoint.origin
        key = self.logs.get(origin)
        verdict = judge(asked, key, self.memory.seen(origin) if key else Seen())
        if verdict.status != 200:
            return _refusal(verdict)
        line = self.signer.cosign(asked.note.body, int(self.clock()))
        own = tuple(given for given in asked.note.lines if given.startswith(f"— {origin} "))
        self.memory.keep(origin, f"{asked.note.body}\n{''.join(own)}{line}")
        return Answer(200, line)


def _refusal(verdict: Verdict) -> Answer:
    if verdict.status == 409:
        return Answer(409, f"{verdict.size}\n", SIZE)
    return Answer(verdict.status, f"{verdict.why}\n")


def serve(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """A server that listens; call `serve_forever` on it."""

    class Requests(BaseHTTPRequestHandler):
        """One request."""

        timeout = SLOWEST_SECONDS
        server_version, sys_version = "guildhall-witness", ""

        def do_POST(self) -> None:
            """`/add-checkpoint`."""
            length = self.headers.get("Content-Length", "")
            if self.path != "/add-checkpoint":
                self._give(Answer(404, "there is nothing here\n"))
            elif not length.isdigit() or int(length) > LONGEST_NOTE:
                self._give(Answer(400, f"say how long the request is, at most {LONGEST_NOTE} bytes\n"))
            else:
                self._give(witness.add_checkpoint(self.rfile.read(int(length))))

        def do_GET(self) -> None:
            """`/checkpoint/<log>`."""
            if self.path.startswith("/checkpoint/"):
                self._give(witness.checkpoint(unquote(self.path.removeprefix("/checkpoint/"))))
            else:
                self._give(Answer(404, "there is nothing here\n"))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name is the base class's)
            """Nothing: a witness's own record is its last checkpoint."""

        def _give(self, answer: Answer) -> None:
            body = answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return ThreadingHTTPServer((host, port), Requests)

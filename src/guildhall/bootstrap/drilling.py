"""A drill of a kill switch: a resident of the drill's own sees, over the running server's API, that it took effect and how fast."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

import httpx2

from guildhall.storage.switches import SwitchStore
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.outcomes import Reason
from guildhall.vocabulary.switches import SwitchKind

BOUND_SECONDS = 5.0
"""What a switch promises."""
GIVE_UP_SECONDS = 15.0
LAPSE_SECONDS = 60.0
"""A drill that is killed leaves a switch that lapses by itself after so long."""
ASK_AGAIN_SECONDS = 0.25
SAID_IN_ONE_CONVERSATION = 8
"""Fewer than the server lets anybody say at once."""
SAYS = "hello"
"""Small talk: it takes the whole path of a turn, and fills no queue with a request that nobody made."""
WHY_OFF, WHY_ON = "a drill of the kill switch", "the drill of the kill switch is over"


@dataclass(frozen=True, slots=True)
class Drilled:
    """How a drill went. Seconds are None where the server did not follow."""

    kind: SwitchKind
    target: str
    off_seconds: float | None
    on_seconds: float | None
    conversations: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether off took effect within the bound, and on after it."""
        return self.off_seconds is not None and self.off_seconds <= BOUND_SECONDS and self.on_seconds is not None

    @property
    def facts(self) -> dict[str, Any]:
        """For the record: the drill's conversations are named, so that nobody counts them as residents'."""
        return {
            "kind": self.kind.value,
            "target": self.target,
            "off_seconds": self.off_seconds,
            "on_seconds": self.on_seconds,
            "bound_seconds": BOUND_SECONDS,
            "passed": self.passed,
            "conversations": list(self.conversations),
        }

    @property
    def told(self) -> str:
        """One sentence for whoever ran it."""
        if self.off_seconds is None:
            return (
                f"FAILED: the server did not heed the switch within {GIVE_UP_SECONDS:.0f} seconds. "
                "Check that it uses the same database (GUILDHALL_DATABASE_URL) and council as this command. The channel is on again."
            )
        if self.on_seconds is None:
            return f"FAILED: off took {self.off_seconds:.2f} seconds, but the server was not on again {GIVE_UP_SECONDS:.0f} seconds after the end."
        verdict = "Passed" if self.passed else "FAILED"
        return (
            f"{verdict}: {self.kind.value} {self.target} was off for residents after {self.off_seconds:.2f} seconds "
            f"(promised: {BOUND_SECONDS:.0f}), and on again after {self.on_seconds:.2f}."
        )


class Probe:
    """A resident at the running server's API."""

    def __init__(self, address: str, client: httpx2.Client | None = None) -> None:
        self.address = address.rstrip("/")
        self._client = client or httpx2.Client(timeout=10.0)
        self._open: tuple[str, str] = ("", "")
        self._said = 0
        self.conversations: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Give the connection back."""
        self._client.close()

    def council(self) -> str:
        """The council that the server serves. Raises RefusedError when no server is running there."""
        return str(self._json("GET", "/health/ready").get("council", ""))

    def is_off(self) -> bool:
        """Whether a resident who says something now is told that automatic answers are off."""
        if not self._open[0] or self._said >= SAID_IN_ONE_CONVERSATION:
            started = self._json("POST", "/api/v1/conversations", {"language": "en"})
            self._open, self._said = (started["id"], started["token"]), 0
            self.conversations = (*self.conversations, started["id"])
        conversation, token = self._open
        self._said += 1
        turn = self._json("POST", f"/api/v1/conversations/{conversation}/utterances", {"text": SAYS}, token)
        return bool(turn["reason"] == Reason.SWITCHED_OFF.value)

    def _json(self, method: str, path: str, body: dict[str, Any] | None = None, token: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            response = self._client.request(method, self.address + path, json=body, headers=headers)
            response.raise_for_status()
            read: dict[str, Any] = response.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise RefusedError(
                f"no Guildhall server answers at {self.address}{path} ({type(error).__name__}), so there is nothing to drill. "
                "Start one with `guildhall serve`, or say with --url where it is."
            ) from error
        return read


def drill_channel(
    store: SwitchStore,
    probe: Probe,
    kind: SwitchKind,
    target: str,
    by: str,
    say: Callable[[str], None],
    stopwatch: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Drilled:
    """Turn off, see it, turn on, see it, and record how long each took. Raises RefusedError before anything is turned when it cannot be tried."""
    _check_ready(store, probe)
    on_seconds = None
    say(f"Turning {kind.value} {target} off…")
    turned = store.turn_off(kind, target, WHY_OFF, by, lapses_after=timedelta(seconds=LAPSE_SECONDS), lone=True)
    try:
        off_seconds = _seconds_until(probe, True, stopwatch, sleep)
    finally:  # whatever happens, an interruption too, the channel does not stay off
        ours = store.turn_on(kind, target, WHY_ON, by, only=turned)
    if ours is not None:
        say(f"Turned {kind.value} {target} on again…")
        on_seconds = _seconds_until(probe, False, stopwatch, sleep)
    else:
        say(f"Somebody else has turned {kind.value} {target} meanwhile, so it stays as they left it.")
    done = Drilled(kind, target, off_seconds, on_seconds, probe.conversations)
    store.note_drill(done.facts | {"by": by})
    return done


def _check_ready(store: SwitchStore, probe: Probe) -> None:
    served = probe.council()
    if served != store.council:
        raise RefusedError(
            f"the server at {probe.address} serves {served or 'no council'}, not {store.council}. Say with --url where it is."
        )
    if probe.is_off():
        raise RefusedError(
            "automatic answers are off there already, so a drill would show nothing. `guildhall switch list` shows what is off."
        )


def _seconds_until(probe: Probe, off: bool, stopwatch: Callable[[], float], sleep: Callable[[float], None]) -> float | None:
    started = stopwatch()
    while stopwatch() - started < GIVE_UP_SECONDS:
        if probe.is_off() == off:
            return round(stopwatch() - started, 3)
        sleep(ASK_AGAIN_SECONDS)
    return None

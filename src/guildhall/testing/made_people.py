"""How made-up requests for a person go: taken, given up, booked as a callback, passed on to another team, or let go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[Any]

LANES: Final = ("ordinary", "care", "danger")
KINDS: Final = (
    "HandoffRequested", "HandoffAccepted", "MessageSent", "CallBridged", "HandoffTransferred", "HandoffClosed", "HandoffBreached",
    "HandoffGivenUp", "HandoffWithdrawn", "CallbackBooked", "SatisfactionGiven", "FeedbackGiven", "CallEnded", "ReplyHeard",
)  # fmt: skip
CODES: Final = ("", "resolved", "signposted", "referred", "called_back", "to_queue", "join", "hung_up", "assistant", "closed", "caller")
PATIENCE_SECONDS: Final = 420.0
WAIT_SECONDS: Final = 95.0
OPEN_FROM, OPEN_UNTIL = 8, 18
NONE: Final = -1


@dataclass(frozen=True, slots=True)
class Asked:
    """Contacts in which a person is asked for: which, when (seconds on local clocks), by phone or not, how urgent, of which queue."""

    i: Numbers
    at: Numbers
    phone: Numbers
    lane: Numbers
    queue: Numbers

    @classmethod
    def of(cls, contacts: Mapping[str, Numbers], ends: Numbers, lanes: Sequence[str], queues: Sequence[str]) -> Self:
        """Those whose story has a lane, asked for at the end of what the assistant said."""
        lane = np.array([LANES.index(lane) if lane else NONE for lane in lanes])[contacts["story"]]
        asks = np.flatnonzero(lane >= 0)
        names = sorted(set(queues))
        queue = np.array([names.index(name) for name in queues])[contacts["service"][asks]]
        return cls(asks, ends[asks], contacts["phone"][asks], lane[asks], queue)


def step(kind: str, of: Numbers, local: Numbers, place: Any, *, code: Any = "", flag: Any = None, **more: Any) -> dict[str, Numbers]:
    """One event of a kind for each contact of `of`; what is not said is not there."""
    count = len(of)
    codes = np.full(count, CODES.index(code)) if isinstance(code, str) else code
    values: dict[str, Any] = {"turn": NONE, "reference": NONE, "queue": NONE, "lane": NONE, "number": np.nan, "in_hours": NONE} | more
    flags = NONE if flag is None else np.asarray(flag).astype(int)
    values |= {"i": of, "local": local, "place": place, "kind": KINDS.index(kind), "code": codes, "flag": flags}
    return {
        name: np.broadcast_to(np.asarray(value, float if name in ("local", "number") else np.int64), count)
        for name, value in values.items()
    }


def ask_for_people(random: np.random.Generator, asked: Asked, place: int) -> tuple[list[dict[str, Numbers]], Numbers]:
    """What happens after each request, and when the contact is over. `place` is the number of its first event."""
    count = len(asked.i)
    hour, weekday = (asked.at % 86400) // 3600, (asked.at // 86400) % 7
    in_hours = (weekday < 5) & (hour >= OPEN_FROM) & (hour < OPEN_UNTIL)
    served = in_hours | (asked.lane == 2)
    busy = 1 + 1.5 * np.exp(-((hour - 10.5) ** 2) / 3) + 0.6 * (weekday == 0)
    wait = random.lognormal(np.log(WAIT_SECONDS), 0.9, count) * busy * np.array([1.0, 0.5, 0.18])[asked.lane]
    patience = random.exponential(PATIENCE_SECONDS, count) * np.where(asked.lane == 2, 4, 1)
    books = random.random(count) < np.where(served, 0.05, 0.55)
    reached = served & ~books & (wait < patience)
    leaves = ~books & ~reached
    lets_go = leaves & ~asked.phone & (random.random(count) < 0.3)
    over = asked.at + np.where(reached, wait, np.minimum(patience, 240))
    requests = {"queue": asked.queue, "lane": asked.lane, "reference": 1}
    told = [step("HandoffRequested", asked.i, asked.at, place, in_hours=in_hours, flag=True, **requests)]
    told += _reached(random, asked, np.flatnonzero(reached), asked.at + wait, place, over)
    told += _booked(random, asked, np.flatnonzero(books), place)
    slow = np.flatnonzero(served & ~books & (np.minimum(wait, patience) > 600))
    told += [
        step("HandoffBreached", asked.i[slow], asked.at[slow] + 600, place + 1, code="join", reference=1),
        _of(asked, np.flatnonzero(leaves & asked.phone), "HandoffGivenUp", over, place + 12, code="hung_up", reference=1),
        _of(asked, np.flatnonzero(lets_go), "HandoffWithdrawn", over, place + 12, code="assistant"),
        _of(asked, np.flatnonzero(leaves & ~asked.phone & ~lets_go), "HandoffWithdrawn", over, place + 12, code="closed"),
    ]
    return told, over


def _of(asked: Asked, rows: Numbers, kind: str, at: Numbers, place: int, **more: Any) -> dict[str, Numbers]:
    return step(kind, asked.i[rows], at[rows], place, **more)


def _reached(random: np.random.Generator, asked: Asked, rows: Numbers, at: Numbers, place: int, over: Numbers) -> list[dict[str, Numbers]]:
    """An adviser takes it, talks, perhaps passes it to another team, and wraps it up."""
    talk = random.lognormal(np.log(340.0), 0.6, len(rows))
    wrong, passes = random.random(len(rows)) < 0.09, random.random(len(rows)) < 0.06
    over[rows] = at[rows] + talk
    code = random.choice([CODES.index(code) for code in ("resolved", "signposted", "referred")], len(rows), p=[0.78, 0.09, 0.13])
    phone, asks = asked.phone[rows], asked.i[rows]
    satisfied = ~phone & (random.random(len(rows)) < 0.2)
    score = np.minimum(5, random.choice([1, 2, 3, 4, 5], len(rows), p=[0.07, 0.08, 0.14, 0.33, 0.38]))
    return [
        step("HandoffAccepted", asks, at[rows] - 1, place + 2, reference=1),
        step("CallBridged", asks[phone], at[rows][phone], place + 3, reference=1),
        step("MessageSent", asks[~phone], at[rows][~phone], place + 3),
        step("HandoffTransferred", asks[passes], (at[rows] + talk / 2)[passes], place + 4, code="to_queue", reference=1),
        step("HandoffClosed", asks, over[rows], place + 6, code=code, flag=~wrong, reference=1),
        step("SatisfactionGiven", asks[satisfied], over[rows][satisfied] + 40, place + 7, number=score[satisfied]),
    ]


def _booked(random: np.random.Generator, asked: Asked, rows: Numbers, place: int) -> list[dict[str, Numbers]]:
    """A callback is booked, and mostly made the next working day."""
    made = rows[random.random(len(rows)) < 0.85]
    ahead = np.where((asked.at[made] // 86400) % 7 >= 4, 3, 1)
    then = (asked.at[made] // 86400 + ahead) * 86400 + 9 * 3600 + random.random(len(made)) * 6 * 3600
    return [
        _of(asked, rows, "CallbackBooked", asked.at + 60, place + 10, flag=True, reference=1),
        step("HandoffAccepted", asked.i[made], then, place + 22, reference=1),
        step("HandoffClosed", asked.i[made], then + 300, place + 23, code="called_back", flag=random.random(len(made)) < 0.93, reference=1),
    ]

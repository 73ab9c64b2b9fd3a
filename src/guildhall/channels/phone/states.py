"""The states of a call, and which may follow which. Every change is noted, so that a call can be read afterwards."""

from enum import StrEnum
from typing import Final


class CallState(StrEnum):
    """Where a call is."""

    OFFERED = "offered"
    NOTICE = "notice"
    """The machine and, if so, the recording is announced; not interruptible."""
    LANGUAGE = "language"
    OPEN = "open"
    """Any words can be heard."""
    DIRECTED = "directed"
    """Choices by word and key."""
    COLLECTING = "collecting"
    CONFIRMING = "confirming"
    ANSWERING = "answering"
    MORE = "more"
    PAYING = "paying"
    """Recording and transcript pause; the caller goes to the council's payment line."""
    TRANSFERRING = "transferring"
    BRIDGED = "bridged"
    """A person has the call; the assistant says nothing."""
    CALLBACK = "callback"
    EMERGENCY = "emergency"
    SAFEGUARDING = "safeguarding"
    FAILOVER = "failover"
    """Something of ours failed: an adviser's phone rings."""
    WRAP_UP = "wrap_up"
    ENDED = "ended"


LISTENING: Final = frozenset(
    {CallState.OPEN, CallState.DIRECTED, CallState.COLLECTING, CallState.CONFIRMING, CallState.MORE, CallState.LANGUAGE}
)
ANYWHERE: Final = frozenset(
    {
        CallState.EMERGENCY,
        CallState.SAFEGUARDING,
        CallState.PAYING,
        CallState.TRANSFERRING,
        CallState.CALLBACK,
        CallState.FAILOVER,
        CallState.ENDED,
    }
)
"""May follow any state but the end."""
FOLLOWS: Final[dict[CallState, frozenset[CallState]]] = {
    CallState.OFFERED: frozenset({CallState.NOTICE}),
    CallState.NOTICE: frozenset({CallState.LANGUAGE, CallState.OPEN, CallState.DIRECTED}),
    CallState.LANGUAGE: frozenset({CallState.OPEN, CallState.DIRECTED}),
    CallState.OPEN: frozenset({CallState.ANSWERING, CallState.DIRECTED, CallState.COLLECTING, CallState.CONFIRMING, CallState.WRAP_UP}),
    CallState.DIRECTED: frozenset({CallState.ANSWERING, CallState.OPEN, CallState.COLLECTING, CallState.CONFIRMING, CallState.WRAP_UP}),
    CallState.COLLECTING: frozenset({CallState.CONFIRMING, CallState.ANSWERING, CallState.DIRECTED, CallState.OPEN}),
    CallState.CONFIRMING: frozenset({CallState.ANSWERING, CallState.COLLECTING, CallState.DIRECTED, CallState.OPEN}),
    CallState.ANSWERING: frozenset(
        {CallState.MORE, CallState.OPEN, CallState.DIRECTED, CallState.COLLECTING, CallState.CONFIRMING, CallState.WRAP_UP}
    ),
    CallState.MORE: frozenset({CallState.OPEN, CallState.DIRECTED, CallState.ANSWERING, CallState.WRAP_UP}),
    CallState.PAYING: frozenset({CallState.MORE, CallState.OPEN, CallState.DIRECTED}),
    CallState.TRANSFERRING: frozenset({CallState.BRIDGED, CallState.OPEN, CallState.DIRECTED}),
    CallState.BRIDGED: frozenset({CallState.WRAP_UP}),
    CallState.CALLBACK: frozenset({CallState.WRAP_UP, CallState.MORE, CallState.OPEN, CallState.DIRECTED}),
    CallState.EMERGENCY: frozenset({CallState.OPEN, CallState.DIRECTED}),
    CallState.SAFEGUARDING: frozenset({CallState.OPEN, CallState.DIRECTED}),
    CallState.FAILOVER: frozenset({CallState.BRIDGED}),
    CallState.WRAP_UP: frozenset({CallState.OPEN, CallState.DIRECTED, CallState.MORE}),
    CallState.ENDED: frozenset(),
}


def may_follow(now: CallState, then: CallState) -> bool:
    """Whether a call in one state may go to another."""
    return now != CallState.ENDED and (then in ANYWHERE or then in FOLLOWS[now])

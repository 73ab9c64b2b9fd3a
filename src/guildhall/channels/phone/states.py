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
    WAITING = "waiting"
    """For a person who is not free yet; the caller may go on asking."""
    TRANSFERRING = "transferring"
    """A person's phone rings."""
    BRIDGED = "bridged"
    """A person has the call; the assistant says nothing."""
    CALLBACK = "callback"
    EMERGENCY = "emergency"
    SAFEGUARDING = "safeguarding"
    FAILOVER = "failover"
    """Something of ours failed: an adviser's phone rings."""
    WRAP_UP = "wrap_up"
    ENDED = "ended"


TALKING: Final = frozenset(
    {
        CallState.LANGUAGE,
        CallState.OPEN,
        CallState.DIRECTED,
        CallState.COLLECTING,
        CallState.CONFIRMING,
        CallState.ANSWERING,
        CallState.MORE,
        CallState.CALLBACK,
        CallState.WAITING,
        CallState.EMERGENCY,
        CallState.SAFEGUARDING,
        CallState.WRAP_UP,
    }
)
"""The assistant has the call: the dialogue goes from any of these to any other."""
TO_A_PERSON: Final = frozenset({CallState.TRANSFERRING, CallState.PAYING})
"""A phone rings: it is answered, or the caller is back."""
SAFETY: Final = frozenset({CallState.EMERGENCY, CallState.SAFEGUARDING})
"""Danger or a crisis is spoken of."""
_ALWAYS: Final = frozenset({CallState.FAILOVER, CallState.ENDED})
FOLLOWS: Final[dict[CallState, frozenset[CallState]]] = {
    CallState.OFFERED: frozenset({CallState.NOTICE}) | _ALWAYS,
    CallState.NOTICE: TALKING | TO_A_PERSON | _ALWAYS,
    **dict.fromkeys(TALKING, TALKING | TO_A_PERSON | _ALWAYS),
    **dict.fromkeys(TO_A_PERSON, TALKING | TO_A_PERSON | {CallState.BRIDGED} | _ALWAYS),
    CallState.BRIDGED: frozenset({CallState.ENDED}),
    CallState.FAILOVER: frozenset({CallState.BRIDGED, CallState.ENDED}),
    CallState.ENDED: frozenset(),
}


def may_follow(now: CallState, then: CallState) -> bool:
    """Whether a call in one state may go to another. Who has a person keeps them: nothing but the end follows."""
    return then in FOLLOWS[now]

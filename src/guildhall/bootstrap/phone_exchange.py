"""Every call that one gateway carries, each with its session; all of them get a person when the house is gone."""

from guildhall.channels.phone.phone import Phone
from guildhall.channels.phone.ports import CallLeg
from guildhall.channels.phone.session import CallSession


class Exchange:
    """Takes calls."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._running: set[CallSession] = set()

    @property
    def running(self) -> int:
        """How many calls there are."""
        return len(self._running)

    async def take(self, leg: CallLeg) -> None:
        """One call, to its end."""
        session = CallSession(leg, self._phone)
        self._running.add(session)
        try:
            await session.run()
        finally:
            self._running.discard(session)

    def house_gone(self) -> None:
        """The house does not answer: every caller who is with us gets a person."""
        for session in self._running:
            session.house_gone()

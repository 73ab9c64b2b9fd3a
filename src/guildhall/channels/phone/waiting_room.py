"""A caller who waits for a person: when the house is asked again, and when the caller hears how far it is. Time comes in from outside."""

from typing import Final

from guildhall.channels.phone.house import PersonRoute

ASK_EVERY_SECONDS: Final = 5.0
COMFORT_EVERY_SECONDS: Final = 30.0


class WaitingRoom:
    """One wait for a person."""

    def __init__(self, route: PersonRoute, now: float) -> None:
        self.route = route
        self.times = 0
        self._asked_at = self._told_at = now
        self._asking = False

    def learnt(self, route: PersonRoute, now: float) -> None:
        """How it stands by now."""
        self.route, self._asking, self._asked_at = route, False, now

    def must_ask(self, now: float) -> bool:
        """Whether the house is to be asked again; never twice at once."""
        if self._asking or now - self._asked_at < ASK_EVERY_SECONDS:
            return False
        self._asking = True
        return True

    def must_comfort(self, now: float, sounding: bool) -> bool:
        """Whether the caller is to be told how far it is: when half a minute has gone by and nothing else is being said."""
        if sounding or now - self._told_at < COMFORT_EVERY_SECONDS:
            return False
        self._told_at = now
        self.times += 1
        return True

"""Brings a person: asks the house how one is reached, rings, waits with the caller, and has them back when nobody answers."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from guildhall.channels.phone.call import Call
from guildhall.channels.phone.house import PersonAnswer, PersonRoute
from guildhall.channels.phone.moves import Move
from guildhall.channels.phone.ports import TransferOutcome, TransferTarget
from guildhall.channels.phone.speech import SpeechError
from guildhall.channels.phone.states import CallState
from guildhall.channels.phone.waiting_room import WaitingRoom

PHONES_AT_MOST: Final = 3
"""So many phones are rung one after another before the caller hears of it, and chooses unless they are in danger."""
RINGS: Final = (PersonAnswer.RING, PersonAnswer.DUTY)


@dataclass(frozen=True, slots=True)
class _Ring:
    """A phone that is to be rung."""

    target: TransferTarget
    state: CallState
    reference: str = ""


class People:
    """One call's way to a person. `do` carries out what the dialogue decides."""

    def __init__(self, call: Call, do: Callable[[Move, str], None]) -> None:
        self._call, self._do = call, do
        self._ring: _Ring | None = None
        self._begun = False
        self._danger = False
        self._rung = 0
        self._route: PersonRoute | None = None
        self._better: PersonRoute | None = None
        self.room: WaitingRoom | None = None
        self.outcome: asyncio.Future[TransferOutcome] | None = None
        """Of the phone that rings now."""
        self._transfer: asyncio.Task[None] | None = None
        self.asking = 0
        self.voiceless = False
        self.handed_over = False

    @property
    def ringing(self) -> bool:
        """Whether a person's phone rings, or will as soon as the words are said."""
        return self._ring is not None

    @property
    def reference(self) -> str:
        """Of the handoff."""
        return self._route.reference if self._route else ""

    @property
    def rings_for(self) -> str:
        """The reference of the handoff whose phone rings now; empty for a payment or failover line, and when none rings."""
        return self._ring.reference if self._ring else ""

    @property
    def nobody_is_here(self) -> bool:
        """Whether the house has said that nobody can come now: only then a silent call may end."""
        return self._route is not None and self._route.answer == PersonAnswer.CALLBACK

    def ask(self, words: str, danger: bool) -> None:
        """The caller wants, or needs, a person."""
        self._danger |= danger
        self._rung = 0
        self.asking += 1
        self._call.bring(self._call.house.person(words, danger), self._reached)

    def pay(self) -> None:
        """The caller goes to the payment line; nothing is kept meanwhile."""
        target = self._call.phone.payment
        if target is None:
            self._do(self._call.dialogue.back("payment", None), "no_payment_line")
            return
        if self._call.tap:
            self._call.tap.pause("payment")
        self._start(_Ring(target, CallState.PAYING))

    @property
    def paying(self) -> bool:
        """Whether the payment line rings, so that a person is still worth more."""
        return self._ring is not None and self._ring.state == CallState.PAYING and not (self.outcome and self.outcome.done())

    def stop_paying(self) -> None:
        """The caller needs a person rather than the payment line."""
        self._ring = self.outcome = None
        if self._transfer is not None:
            self._transfer.cancel()
        if self._call.tap:
            self._call.tap.resume("payment")

    def leave(self) -> None:
        """The caller waits no longer."""
        self.room = None

    def frame(self, sounding: bool) -> None:
        """20 ms went by."""
        room, now = self.room, self._call.seconds
        if room is None:
            return
        if room.must_ask(now):
            self._call.bring(self._call.house.route(room.route.reference), self._learnt)
        if room.must_comfort(now, sounding):
            self._do(self._call.dialogue.waiting(room.route, room.times), "waiting")

    def words_said(self) -> None:
        """Nothing is left to be said: a caller who is handed on for good goes now."""
        if self._ring is not None and not self._begun:
            self._dial()

    # how a person is reached

    def _reached(self, route: PersonRoute) -> None:
        self.asking -= 1
        if self.handed_over:
            return
        if self.ringing:  # danger was heard while a phone rings already: should nobody answer it, this is better
            self._better = route
            return
        self._follow(route)

    def _learnt(self, route: PersonRoute) -> None:
        if self.room is None or self.ringing:
            return
        if route.answer == PersonAnswer.WAIT:
            self.room.learnt(route, self._call.seconds)
            return
        self._call.mouth.drop()  # somebody is free: no answer is worth more than that
        self._follow(route)

    def _follow(self, route: PersonRoute, told: bool = False, after_words: bool = False) -> None:
        """Do as the route has it; `told`: the caller has heard of it already."""
        self._route = route
        if self.voiceless and route.answer not in RINGS:
            raise SpeechError("nobody's phone can be rung, and no voice can tell the caller of anything else")
        if route.answer == PersonAnswer.WAIT:
            self.room, self._rung = WaitingRoom(route, self._call.seconds), 0
            self._call.go(CallState.WAITING, "nobody_free_yet")
        else:
            self.room = None
        if route.answer == PersonAnswer.CALLBACK:
            self._call.go(CallState.CALLBACK, "nobody_here")
        if not told:
            self._do(self._call.dialogue.person(route), f"person_{route.answer.value}")
        if route.answer in RINGS:
            self._start(_Ring(self._call.phone.transfer_to(route), CallState.TRANSFERRING, route.reference), after_words)

    # ringing

    def _start(self, ring: _Ring, after_words: bool = False) -> None:
        """Ring at once, while the caller still hears that it will be done; a caller who is handed on for good hears it out first."""
        self._ring, self._begun = ring, False
        self._rung += 1
        self._call.go(ring.state, "ringing")
        if (self._call.phone.transfer_mode == "bridge" and not after_words) or not self._call.mouth.speaking:
            self._dial()

    def _dial(self) -> None:
        ring, self._begun = self._ring, True
        assert ring is not None
        before = self._transfer
        to_come = self.outcome = asyncio.get_running_loop().create_future()

        async def transfer() -> None:
            outcome = TransferOutcome.FAILED
            try:
                if before is not None and not before.done():  # one that was given up lets go of its phone first
                    await asyncio.wait([before])
                outcome = await self._call.leg.transfer(ring.target, self._call.phone.transfer_mode)
            finally:
                if not to_come.done():
                    to_come.set_result(outcome)
            self._call.later(outcome, lambda ended: self._ended(ring, ended))

        self._transfer = self._call.spawn(transfer())

    def _ended(self, ring: _Ring, outcome: TransferOutcome) -> None:
        self._ring = self.outcome = None
        call = self._call
        call.measures.transfers.append(outcome.value)
        call.note("transferred", outcome=outcome.value, reference=ring.reference, seconds=round(call.seconds, 2))
        if outcome == TransferOutcome.CONNECTED:
            self._connected(ring)
        elif ring.state == CallState.PAYING:
            if call.tap:
                call.tap.resume("payment")
            self._do(call.dialogue.back("payment", None), f"payment_{outcome.value}")
        elif ring.reference:
            call.bring(call.house.transferred(ring.reference, outcome), lambda route: self._back(outcome, route))
        else:
            self._back(outcome, None)

    def _connected(self, ring: _Ring) -> None:
        """From now on we say nothing."""
        call = self._call
        self.handed_over, self.room = True, None
        call.mouth.drop()
        if call.tap and ring.state == CallState.TRANSFERRING and not call.phone.records_people:
            call.tap.pause("person")
        call.go(CallState.BRIDGED, "answered")
        if ring.reference:
            call.bring(call.house.transferred(ring.reference, TransferOutcome.CONNECTED), lambda _: None)

    def _back(self, outcome: TransferOutcome, route: PersonRoute | None) -> None:
        """Nobody answered. For somebody in danger the next phone rings without a question; others hear what they can choose."""
        route, self._better = self._better or route, None
        rings, enough = route is not None and route.answer in RINGS, self._rung >= PHONES_AT_MOST
        if self._danger and not enough:
            if route is not None and rings:
                self._follow(route, told=True)
            else:
                self._start(_Ring(self._call.phone.failover.target, CallState.TRANSFERRING))
            return
        if rings and enough and not self._danger:  # not offered: the caller would hear of a phone that nobody rings
            route, rings = None, False
        if self.voiceless and not rings:
            raise SpeechError("nobody answered, and no voice can tell the caller what they could choose")
        self._danger &= rings
        move = self._call.dialogue.back(outcome.value, route)
        self._route = route or self._route
        self._do(move, f"transfer_{outcome.value}")
        settled = move.expect or move.ask or move.person or move.hang_up or move.book
        if self._danger and route is not None:  # goes on for as long as there is a phone to ring; the words keep it from racing
            self._rung = 0
            self._follow(route, told=True, after_words=True)
        elif route is not None and not settled:
            self._follow(route, told=True)

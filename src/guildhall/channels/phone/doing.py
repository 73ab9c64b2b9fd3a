"""Does what the dialogue decides: says it, asks the house, brings a person, books, texts, and sets what is waited for next."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from guildhall.channels.phone.asking import Asking
from guildhall.channels.phone.call import Call
from guildhall.channels.phone.caught import Failed
from guildhall.channels.phone.dead_air import DeadAir, Due
from guildhall.channels.phone.house import HouseGoneError, Replied, TurnDone
from guildhall.channels.phone.keypad import Keypad
from guildhall.channels.phone.moves import NOTHING, Expect, Move
from guildhall.channels.phone.people import People
from guildhall.channels.phone.states import CallState
from guildhall.channels.phone.turn_taking import TurnTaking
from guildhall.channels.phone.weakly import weakly

SLOWER: Final = 0.8
LOUDER: Final = 2.0
"""Six decibels."""
SLOWER_AFTER: Final = 2
LOUDER_AFTER: Final = 3
"""So often a caller wants to hear the same again."""


class Doing:
    """One call's deeds. `hearing` says whether something the caller said is still to be understood."""

    def __init__(self, call: Call, turns: TurnTaking, hearing: Callable[[], bool]) -> None:
        self._call, self._turns, self._hearing = call, turns, hearing
        self.people = People(call, weakly(self.do))
        self.asking = Asking(call, weakly(self._part), weakly(self._done))
        self.keypad = Keypad()
        self.air = DeadAir()
        self.expect = Expect()
        self._secret = False
        self._errands = 0
        self._repeats = 0
        self.acted = False
        """Whether the call has got beyond the opening."""

    @property
    def busy(self) -> bool:
        """Whether something is worked out that the caller waits for."""
        return self.asking.busy or self.people.asking > 0 or self._errands > 0

    def do(self, move: Move, cause: str) -> None:
        """Carry a move out: say, then do, then wait."""
        call = self._call
        if call.over or self.people.handed_over:
            return
        if self.people.paying and (move.person or move.waits_for_nothing):
            self.people.stop_paying()
        if move == NOTHING or (self.people.ringing and not move.waits_for_nothing):
            if call.mouth.held:
                call.mouth.resume()
            return
        self._set(move)
        if move.state and not self.people.ringing:
            call.go(move.state, cause, next((spoken.wording for spoken in move.say if spoken.wording), ""))
        if _settles(move) and cause != "reply":
            self.asking.drop()
        self._speak(move, cause)
        if move.expect is not None:
            self.wait_for(move.expect)
        if cause != "silence":
            self._turns.acted()
        for what, detail in move.notes:
            call.note("dialogue", **{what: detail})
        self._act(move)

    def wait_for(self, expect: Expect) -> None:
        """From now on this is what the caller is expected to say or press."""
        self.expect = expect
        self.keypad.expect(expect.collect)
        self._turns.patience_for(expect.patience)
        secret = expect.collect is not None and expect.collect.secret
        if self._call.tap and secret != self._secret:
            if secret:
                self._call.tap.pause("secret_keys")
            else:
                self._call.tap.resume("secret_keys")
        self._secret = secret

    def be_patient(self, why: str) -> None:
        """From now on the caller gets all the time they need."""
        if not self._turns.patient:
            self._turns.be_patient()
            self._call.mouth.patient = True
            self._call.note("patient", why=why)

    def frame(self) -> None:
        """20 ms went by."""
        call = self._call
        sounding = call.mouth.speaking or self._turns.speaking
        due = self.air.frame(call.seconds, self.busy or self._hearing(), sounding)
        if due == Due.FILLER:
            if call.measures.turn:
                call.measures.turn.filler = True
            call.mouth.say(call.dialogue.filler(), kept=False)
        elif due == Due.SLOW:
            for spoken in call.dialogue.slow().say:
                call.mouth.say(spoken, kept=False)
            call.note("slow", seconds=round(call.seconds, 2))
        elif due == Due.GONE:
            self.air = DeadAir()  # should a phone ring, that decides, and what is waited for afterwards is waited for anew
            call.inbox.put_nowait(Failed(HouseGoneError("no answer came in time")))
        self.people.frame(sounding or self.busy or call.mouth.held)

    # one move

    def _set(self, move: Move) -> None:
        mouth = self._call.mouth
        if move.language:
            self._call.speak_in(move.language)
        if move.slower:
            mouth.rate = SLOWER
        if move.louder:
            mouth.gain = LOUDER
        if move.patient:
            self.be_patient("asked")

    def _speak(self, move: Move, cause: str) -> None:
        mouth = self._call.mouth
        again = move.repeat or ((move.slower or move.louder) and not _settles(move))
        if again:
            self._again(move, cause)
            return
        self._repeats = 0
        if mouth.held and not _settles(move) and not move.say:
            mouth.resume()  # more time, say: it goes on where it was cut
        elif mouth.held or (move.say and cause != "reply"):
            mouth.begin()
        for spoken in move.say:
            mouth.say(spoken)

    def _again(self, move: Move, cause: str) -> None:
        """Say it once more. Who wants it a third time did not hear it well: slower, and then louder."""
        mouth = self._call.mouth
        self._repeats += cause == "key"
        if self._repeats >= SLOWER_AFTER:
            mouth.rate = SLOWER
        if self._repeats >= LOUDER_AFTER:
            mouth.gain = LOUDER
        mouth.drop()
        for spoken in move.say:
            mouth.say(spoken, kept=False)
        mouth.repeat()

    def _act(self, move: Move) -> None:
        call = self._call
        self.acted |= _acts(move)
        if move.stop_waiting:
            call.note("stop_waiting", seconds=round(call.seconds, 2))
        if move.stop_waiting or move.book:
            self.people.leave()
        if move.ask:
            self._ask(move)
        elif move.person or move.danger:
            self.people.ask(move.person, move.danger)
        elif move.pay:
            self.people.pay()
        elif move.book:
            booking = call.house.book(self.people.reference, move.book_number or call.leg.caller_number, move.book)
            self._run(booking, lambda when: self.do(call.dialogue.booked(when), "booked"))
        elif move.text_to:
            texting = call.house.text(self.asking.turn_id, move.text_to)
            self._run(texting, lambda sent: self.do(call.dialogue.texted(sent), "texted"))
        elif move.hang_up:
            call.go(CallState.WRAP_UP, "goodbye")

    def _run(self, errand: Coroutine[Any, Any, Any], take: Callable[[Any], None]) -> None:
        self._errands += 1

        def back(brought: Any) -> None:
            self._errands -= 1
            take(brought)

        self._call.bring(errand, back)

    def _ask(self, move: Move) -> None:
        call = self._call
        call.mouth.begin()
        call.go(CallState.ANSWERING, "asked")
        if call.measures.turn:
            call.measures.turn.asked_at = call.seconds
        self.asking.begin(move.ask, move.confidence)

    # what the house answers

    def _part(self, replied: Replied) -> None:
        call = self._call
        if call.over or self.people.handed_over:  # never over the person who has the call
            return
        self.air.came()
        turn = call.measures.turn
        if turn and not turn.first_part_at:
            turn.first_part_at, turn.turn_id = call.seconds, replied.turn_id
        for spoken in call.dialogue.spoken(replied):
            call.mouth.say(spoken)

    def _done(self, done: TurnDone) -> None:
        call = self._call
        if call.over or self.people.handed_over:
            return
        if call.measures.turn:
            call.measures.turn.turn_id = done.turn_id
        if self.expect.grammar is None:  # heard freely, so the turn has found out what was spoken
            call.speak_in(done.language)
        self.do(call.dialogue.replied(done), "reply")


def _acts(move: Move) -> bool:
    """Whether something is done beyond speaking."""
    return bool(move.ask or move.person or move.danger or move.pay or move.book or move.text_to or move.hang_up)


def _settles(move: Move) -> bool:
    """Whether the call goes on to something else, so that what was asked before is not wanted any longer."""
    return _acts(move) or move.state is not None or move.expect is not None

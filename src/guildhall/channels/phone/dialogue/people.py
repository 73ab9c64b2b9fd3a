"""What is said on the way to a person: who is rung, how long it takes, what can be chosen instead, and what happens when nobody answers."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from guildhall.channels.phone.dialogue.numbers import ANY, Numbers, Wanted
from guildhall.channels.phone.dialogue.questions import Act, Choice, Question
from guildhall.channels.phone.dialogue.talk import Talk
from guildhall.channels.phone.dialogue.yes_no import yes_no
from guildhall.channels.phone.house import PersonAnswer, PersonRoute
from guildhall.channels.phone.moves import Move, Spoken
from guildhall.channels.phone.states import CallState

SLOTS_AT_ONCE: Final = 3
STOP_WORDS: Final = ("stop waiting", "go on without", "go on without a person", "i will not wait", "i do not want to wait")
SECONDS_A_MINUTE: Final = 60


class People:
    """One call's words on the way to a person."""

    def __init__(self, talk: Talk, numbers: Numbers, after: Act) -> None:
        self._talk, self._numbers, self._after = talk, numbers, after
        self._reference = ""
        self._waits: PersonRoute | None = None
        self.ringing = False

    def person(self, route: PersonRoute) -> Move:
        """How a person can be reached, said before it is done."""
        self._reference, self._waits = route.reference, None
        if route.answer == PersonAnswer.WAIT:
            self.ringing = False
            return self._wait(route)
        if route.answer == PersonAnswer.CALLBACK:
            self.ringing = False
            return self._callback(route, self._talk.words.say("phone.callback"))
        self.ringing = True
        wording = "phone.duty" if route.answer == PersonAnswer.DUTY else "phone.ring"
        return Move((self._talk.words.say(wording, queue=self._queue(route)), *self._recording()))

    def still_waiting(self, route: PersonRoute, times: int) -> Move:
        """Half a minute more: the place, the honest wait, and every other time the choices, so that nobody hears the same for ever."""
        self._waits = route
        said = self._place(route)
        return Move((said, *self._choices(route)[1]) if times % 2 == 0 else (said,))

    def back(self, why: str, route: PersonRoute | None) -> Move:
        """Nobody answered, and the caller is here again with something to choose."""
        self.ringing = False
        words = self._talk.words
        sorry = words.say("phone.pay_none" if why == "payment" else "phone.nobody_answered")
        if why == "payment":
            return Move((sorry,), person="payment")
        if route is None:
            return self._talk.put(self._again_or_not(), sorry)
        self._reference = route.reference
        if route.answer == PersonAnswer.CALLBACK:
            return self._callback(route, sorry, *([words.say("phone.ring_back")] if route.slots else []))
        if route.answer == PersonAnswer.WAIT:
            self._waits, self._talk.question = route, self._question(route)
            return Move((sorry, self._place(route), *self._choices(route)[1]))
        self.ringing = True
        return Move((words.say("phone.next_line"),))

    @property
    def waits(self) -> bool:
        """Whether the caller waits for a person: who they wait for has the conversation, so questions are not answered."""
        return self._waits is not None

    def here(self) -> Move:
        """The place once more, and what can be chosen."""
        assert self._waits is not None
        return self._wait(self._waits)

    def booked(self, when: str) -> Move:
        """A callback is booked; the reference is said letter by letter."""
        words = self._talk.words
        self._waits = self._waits if not when else None
        if not when:
            return self._talk.put(self._again_or_not(), words.say("phone.not_booked"))
        move = self._after()
        return Move((words.say("phone.booked", when=when, reference=self._reference), *move.say), move.state, move.expect)

    # waiting

    def _wait(self, route: PersonRoute) -> Move:
        self._waits = route
        return self._talk.put(self._question(route))

    def _stop(self) -> Move:
        """The caller leaves the queue, which gives the conversation back to the assistant."""
        self._waits = None
        move = self._talk.home()
        return replace(move, say=(self._talk.words.say("phone.wait_stopped"), *move.say), stop_waiting=True)

    def _question(self, route: PersonRoute) -> Question:
        choices, said = self._choices(route)
        return Question("waiting", (self._place(route), *said), CallState.WAITING, choices, alone=Move)

    def _place(self, route: PersonRoute) -> Spoken:
        words, queue = self._talk.words, self._queue(route)
        if route.wait_seconds is None:
            return words.say("phone.wait_unknown", position=str(route.position), queue=queue)
        minutes = max(1, -(-route.wait_seconds // SECONDS_A_MINUTE))
        return words.say("phone.wait", position=str(route.position), queue=queue, minutes=str(minutes))

    def _choices(self, route: PersonRoute) -> tuple[tuple[Choice, ...], tuple[Spoken, ...]]:
        """Go on without a person, or be rung back where a time is free. Nobody who is in danger is asked whether they would rather not wait."""
        words = self._talk.words
        choices, said = [], []
        if not self._talk.in_danger:
            choices.append(Choice("1", "stop_waiting", self._stop, STOP_WORDS))
            said.append(words.say("phone.wait_stop", key="1"))
        if route.slots:
            choices.append(Choice("2", "callback", lambda: self._callback(route), ("ring me back", "call me back", "callback")))
            said.append(words.say("phone.wait_callback", key="2"))
        return tuple(choices), tuple(said)

    # ringing back

    def _callback(self, route: PersonRoute, *before: Spoken) -> Move:
        if not route.slots:
            return self._talk.put(self._again_or_not(), *before, self._talk.words.say("phone.no_slots"))
        return self._slots(route.slots, 0, *before)

    def _slots(self, slots: tuple[str, ...], start: int, *before: Spoken) -> Move:
        """Three times and one key for others."""
        words = self._talk.words
        shown = slots[start : start + SLOTS_AT_ONCE]
        said = [words.say("phone.choice", choice=slot_in_words(slot), key=str(n)) for n, slot in enumerate(shown, 1)]
        choices = [Choice(str(n), f"slot:{n}", partial(self._number, slot)) for n, slot in enumerate(shown, 1)]
        if len(slots) > SLOTS_AT_ONCE:
            following = start + SLOTS_AT_ONCE if start + SLOTS_AT_ONCE < len(slots) else 0
            said.append(words.say("phone.other_times", key="4"))
            choices.append(Choice("4", "others", partial(self._slots, slots, following), ("another time", "other times", "none of these")))
        return self._talk.put(Question("slots", tuple(said), CallState.CALLBACK, tuple(choices)), *before)

    def _number(self, slot: str) -> Move:
        wanted = Wanted("phone.callback_number", ANY, lambda number: Move(book=slot, book_number=number), lambda: self.booked(""))
        return self._numbers.ask(wanted)

    def _again_or_not(self) -> Question:
        words = self._talk.words
        choices = yes_no(self._talk, lambda: Move(person=self._talk.last_words or "person"), self._talk.home)
        return Question("again", (words.say("phone.try_again"),), CallState.CONFIRMING, choices, slot="yes_no")

    def _queue(self, route: PersonRoute) -> str:
        return self._talk.words.queue(route.queue)

    def _recording(self) -> tuple[Spoken, ...]:
        """Whether the recording goes on with the adviser is said before they answer."""
        recording = self._talk.council.phone.recording
        if not recording.on:
            return ()
        return (self._talk.words.say("phone.recording_goes_on" if recording.after_transfer == "continue" else "phone.recording_stops"),)


def slot_in_words(slot: str) -> str:
    """A slot's start as it is said; anything that is no time is said as it came."""
    try:
        at = datetime.fromisoformat(slot)
    except ValueError:
        return slot
    return f"{at:%A} {at.day} {at:%B}, {at:%H:%M}"

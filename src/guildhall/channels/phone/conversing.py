"""The caller's side of a call: what they say, press, or leave unsaid goes to the dialogue, and what it decides is done in its time."""

from dataclasses import replace
from typing import Final

from guildhall.channels.phone.backchannels import is_backchannel
from guildhall.channels.phone.call import Call
from guildhall.channels.phone.doing import Doing
from guildhall.channels.phone.ears import Ears, Understood
from guildhall.channels.phone.keypad import PERSON, echo
from guildhall.channels.phone.measures import TurnMeasures
from guildhall.channels.phone.moves import NOTHING, Move
from guildhall.channels.phone.ports import FRAME_SECONDS
from guildhall.channels.phone.speech import Heard
from guildhall.channels.phone.states import CallState
from guildhall.channels.phone.turn_taking import BLIP_SECONDS, LONGEST_OVER_US_SECONDS, SpeechEnded, TurnTaking
from guildhall.channels.phone.voice_activity import VoiceActivity
from guildhall.channels.phone.weakly import weakly

NOISE_SECONDS: Final = 0.4
"""Less voice than this without any words was a noise in the room, and nobody is asked to say it again."""
UNDERSTOOD_WITHIN_SECONDS: Final = 10.0
"""Ears that take longer do not hear."""
RESUME_WITHIN_SECONDS: Final = 1.4
CUT_OFF_SECONDS: Final = 2.0
"""Who goes on so soon after we thought they had finished was cut off."""
CUT_OFFS: Final = 2
"""So many times, and the caller gets all the time they need."""


class Conversing:
    """One caller."""

    def __init__(self, call: Call, turns: TurnTaking, activity: VoiceActivity) -> None:
        self._call, self._turns, self._activity = call, turns, activity
        take = weakly(self._understood)
        self.ears = ears = Ears(call.phone.hearing, call.spawn, lambda understood: call.later(understood, take), call.still.working)
        self.doing = Doing(call, turns, lambda: ears.busy)
        self.people = self.doing.people
        self._opening: Move | None = None
        self._early_keys: list[str] = []
        self._later: list[Move] = []
        self._said: list[Heard] = []
        self._ended: SpeechEnded | None = None
        self._ended_at = -CUT_OFF_SECONDS
        self._interrupted_at = 0.0
        self._went_on = False
        self._cut_offs = 0
        self._unheard_frames = 0

    @property
    def protected(self) -> bool:
        """Whether something is said that nobody may cut off."""
        return self._call.mouth.speaking and not self._call.mouth.interruptible

    @property
    def quiet(self) -> bool:
        """Whether it is the caller's turn, so that silence counts."""
        mouth = self._call.mouth
        busy = self.doing.busy or self.ears.busy or self.people.ringing or self.people.room is not None
        return not (mouth.speaking or mouth.held or busy or self._call.state in (CallState.NOTICE, CallState.WRAP_UP))

    @property
    def nothing_to_come(self) -> bool:
        """Whether nobody has anything more to say."""
        mouth = self._call.mouth
        return not (mouth.speaking or mouth.held or self.doing.busy or self.ears.busy or self._turns.speaking)

    def begin(self) -> None:
        """The notice is being said. What the opening waits for can be heard at once, and is acted upon afterwards."""
        self._opening = self._call.dialogue.opening()
        if self._opening.expect:
            self.doing.wait_for(self._opening.expect)
        if not self._call.mouth.speaking:
            self.said_everything()

    def forget(self) -> None:
        """Nothing of the conversation is wanted any longer."""
        self.ears.forget()
        self.doing.asking.drop()

    def frame(self) -> None:
        """20 ms went by."""
        if (keys := self.doing.keypad.frame(self._turns.patient)) is not None:
            self._pressed(keys)
        self._unheard_frames = self._unheard_frames + 1 if self.ears.busy else 0
        if self._unheard_frames * FRAME_SECONDS >= UNDERSTOOD_WITHIN_SECONDS:
            self.ears.forget()
            self._deaf()
        self._resume_after_a_blip()
        self.doing.frame()

    def said_everything(self) -> None:
        """Nothing is left to be said."""
        later, self._later = self._later, []
        opening, self._opening = self._opening, None
        if opening is not None and not self.doing.acted and not later:
            self.doing.do(opening, "opening")
        for move in later:
            self.doing.do(move, "heard_before")
        early, self._early_keys = self._early_keys, []
        for key in early:
            self.key(key)
        self.people.words_said()

    # what is said

    def caller_began(self, sound: bytes) -> None:
        """A voice: we stop, unless nobody may stop us, and hear what it says."""
        call, mouth = self._call, self._call.mouth
        if not self.protected:
            if mouth.speaking:
                self._interrupted(mouth.interrupt())
            else:
                mouth.hold()
        self._went_on = call.seconds - self._ended_at < CUT_OFF_SECONDS
        self.ears.begin(sound, call.language, self.doing.expect, over_us=mouth.cut)

    def caller_ended(self, ended: SpeechEnded) -> None:
        """They have finished; their words come in a moment."""
        call = self._call
        self._ended, self._ended_at = ended, call.seconds
        self.ears.end(ended.voiced_seconds)

    def silent(self, times: int) -> None:
        """Nobody has said anything. A silent line may end only when the house has said that nobody can come."""
        move, nobody = self._call.dialogue.silent(times), self.people.nobody_is_here
        if move.hang_up and not nobody:
            move = replace(move, hang_up=False, person="silence", say=())
        elif move.person and nobody:  # who was told so and still says nothing hears what number to ring, and goodbye
            move = Move((self._call.number_to_ring,), hang_up=True)
        self.doing.do(move, "silence")

    def no_words(self, voiced_seconds: float) -> None:
        """A cough, an echo, a noise: what was cut off goes on."""
        call = self._call
        if self._turns.speaking and voiced_seconds < LONGEST_OVER_US_SECONDS / 2:
            return  # they are at it again: that decides
        self.ears.cancel()
        self._turns.forget()
        if self.people.ringing:
            call.mouth.resume()
        elif self._said:  # what was said before the noise is still to be answered
            self._answer()
        elif call.mouth.cut:
            call.measures.false_starts += 1
            call.note("false_start", seconds=round(call.seconds, 2))
            self._activity.was_false()
            call.mouth.resume()
        elif call.mouth.held and (self.doing.busy or voiced_seconds < NOISE_SECONDS):
            call.mouth.resume()
        elif voiced_seconds >= NOISE_SECONDS and not call.mouth.speaking:
            self._do(call.dialogue.unheard(), "unheard")

    def _resume_after_a_blip(self) -> None:
        """So short a sound is no interruption until its words are known: we go on, and stop again should there be any."""
        call, ended = self._call, self._ended
        blip = ended is not None and ended.voiced_seconds < BLIP_SECONDS and self.ears.busy and not self._turns.speaking
        if blip and call.mouth.cut and call.seconds - self._interrupted_at >= RESUME_WITHIN_SECONDS:
            call.note("resumed", seconds=round(call.seconds, 2))
            call.mouth.resume()

    def voiceless(self) -> None:
        """No voice can say something: a person is brought, once."""
        if self.people.voiceless:
            return
        self.people.voiceless = True
        self._call.note("voice_failed", seconds=round(self._call.seconds, 2))
        self._opening = None
        self.doing.do(Move(person="voice_failed"), "voice_failed")

    def _understood(self, understood: Understood) -> None:
        call, heard = self._call, understood.heard
        if self.people.handed_over or call.over:
            return
        if understood.failed:
            self._deaf()
        elif not heard.text.strip() and not heard.means:
            self.no_words(understood.voiced_seconds)
        elif understood.over_us and self._only_listens(heard):
            call.measures.backchannels += 1
            call.note("backchannel", seconds=round(call.seconds, 2))
            if call.mouth.held:
                call.mouth.resume()
        else:
            self._activity.was_heard()
            self._said.append(heard)
            if not self._turns.speaking or heard.means:
                self._answer()

    def _only_listens(self, heard: Heard) -> bool:
        """Whether the words are no answer: never those that a grammar knows, nor a yes where yes or no was asked."""
        grammar = self.doing.expect.grammar
        return not heard.means and not (grammar and grammar.slot == "yes_no") and is_backchannel(heard.text, self._call.language)

    def _answer(self) -> None:
        """Everything that was said goes to the dialogue, with what it goes on from when that was not answered yet."""
        said, self._said = self._said, []
        call, asking = self._call, self.doing.asking
        heard = said[-1]
        if not heard.means:
            before = [asking.text] if asking.busy and not asking.parts else []
            if before and self._went_on:
                self._cut_off()
            heard = replace(heard, text=" ".join([*before, *(one.text for one in said)]), confidence=min(one.confidence for one in said))
        if call.mouth.speaking and not self.protected:
            self._interrupted(call.mouth.interrupt())
        self._measure(heard)
        self._turns.acted()
        self._do(call.dialogue.heard(heard), "heard")

    def _do(self, move: Move, cause: str) -> None:
        """Do it now, or when we have said what nobody may cut off. Danger and a crisis wait for nothing."""
        if self.protected and not move.waits_for_nothing and move != NOTHING:
            self._later.append(move)
        else:
            self.doing.do(move, cause)

    def _deaf(self) -> None:
        self._call.note("hearing_failed", seconds=round(self._call.seconds, 2))
        move = self._call.dialogue.deaf()
        self._do(move if move != NOTHING else Move(person="hearing_failed"), "deaf")

    def _interrupted(self, unheard_seconds: float) -> None:
        call = self._call
        self._interrupted_at = call.seconds
        call.measures.interrupted(unheard_seconds)
        turn_id = call.mouth.cut_turn
        call.note("interrupted", seconds=round(call.seconds, 2), turn_id=turn_id, unheard_seconds=round(unheard_seconds, 2))

    def _cut_off(self) -> None:
        self._cut_offs += 1
        if self._cut_offs >= CUT_OFFS:
            self.doing.be_patient("cut_off")

    # what is pressed

    def key(self, key: str) -> None:
        """A key. While something is said that nobody may cut off it waits its turn, but for the one that brings a person."""
        call, keypad = self._call, self.doing.keypad
        call.measures.keys += 1
        if self.people.handed_over:
            return
        if call.refuse_recording(key):
            call.note("key", keys=key, seconds=round(call.seconds, 2))
            return
        brings_person = key == PERSON and not keypad.begun
        if self.protected and not brings_person:
            self._early_keys.append(key)
            return
        self.ears.forget()
        self._turns.forget()
        self._turns.acted()
        self._said = []
        if call.mouth.speaking and not self.protected:
            self._interrupted(call.mouth.interrupt())
        pressed = keypad.press(key)
        if pressed is not None:
            self._pressed(pressed)

    def _pressed(self, keys: str) -> None:
        call, collect = self._call, self.doing.keypad.collecting
        if collect is None or len(keys) == 1:
            secret = call.state == CallState.PAYING or (collect is not None and collect.secret)  # a card's digits, it may be
            call.note("key", keys="" if secret else keys, seconds=round(call.seconds, 2))
        else:
            call.note("keys", count=len(keys), seconds=round(call.seconds, 2))
        said_back = echo(collect, keys, call.language) if collect else None
        move = call.dialogue.pressed(keys)
        if said_back is not None:
            move = replace(move, say=(said_back, *move.say))
        self.doing.do(move, "key")

    # what is measured

    def measured(self) -> None:
        """The turn is over: what was measured of it goes into the record."""
        turn, self._call.measures.turn = self._call.measures.turn, None
        if turn is not None:
            self._call.note("turn_timing", **turn.facts())

    def _measure(self, heard: Heard) -> None:
        self.measured()
        call, ended = self._call, self._ended
        if ended is None:
            return
        decided_at = self._ended_at
        call.measures.turns += 1
        call.measures.turn = TurnMeasures(
            decided_at - ended.pause_seconds, decided_at, self._turns.patience.value,
            understood_at=call.seconds, language=call.language, provider=heard.provider,
        )  # fmt: skip

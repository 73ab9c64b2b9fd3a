"""What the house answered, said for the ear: at most sixty words, then the caller chooses whether to hear the rest, hear it again, or have it as a text."""

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from guildhall.channels.phone.dialogue.ear.speech_text import for_the_ear
from guildhall.channels.phone.dialogue.numbers import MOBILE, Numbers, Wanted
from guildhall.channels.phone.dialogue.questions import Act, Choice, Question
from guildhall.channels.phone.dialogue.safety import for_the_phone
from guildhall.channels.phone.dialogue.talk import Talk
from guildhall.channels.phone.house import Replied
from guildhall.channels.phone.moves import Move, Spoken
from guildhall.channels.phone.states import CallState
from guildhall.vocabulary.turns import PartKind, ReplyPart

SAFETY_WORDS: Final = ("crisis.", "hazard.")
CARE_WORDS: Final = ("crisis.", "hazard.", "care.")
"""After these no text is offered: somebody else may read it."""
NOT_SPOKEN: Final = ("person.", "place.needed")
"""Parts that are put on the phone in words of its own."""


@dataclass
class Answer:
    """One turn's answer: what was said of it, and what is kept for "go on"."""

    turn_id: str = ""
    page: list[Spoken] = field(default_factory=list)
    rest: list[Spoken] = field(default_factory=list)
    words: int = 0
    part: int = 0
    safety: bool = False
    care: bool = False
    offered: bool = False
    """A person was offered in it."""
    place_needed: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    """What each choice of a question back is called, and what it says when it is chosen."""


class Answers:
    """One call's answers. `again` asks what else the caller wants, `goodbye` ends the call."""

    def __init__(self, talk: Talk, numbers: Numbers, other: Act, goodbye: Act) -> None:
        self._talk, self._numbers, self._other, self._goodbye = talk, numbers, other, goodbye
        self.answer = Answer()

    def spoken(self, replied: Replied) -> tuple[Spoken, ...]:
        """A part of the reply, as much of it as fits now."""
        if replied.turn_id != self.answer.turn_id:
            self.answer = Answer(replied.turn_id)
        answer, part = self.answer, replied.part
        number, answer.part = answer.part, answer.part + 1
        answer.offered |= part.wording.startswith("person.offered")
        answer.place_needed |= part.wording == "place.needed"
        answer.care |= part.wording.startswith(CARE_WORDS)
        answer.choices += tuple((option.label, option.say) for option in part.options)
        if part.kind == PartKind.PERSON or part.wording.startswith(NOT_SPOKEN):
            return ()
        if part.wording.startswith(SAFETY_WORDS):
            return self._safety(part, number)
        return self._paged(self._sentences(part, number))

    def go_on(self) -> Move:
        """The next sixty words."""
        answer = self.answer
        answer.page, answer.words = [], 0
        left, answer.rest = answer.rest, []
        now = self._paged(left)
        return self.after(*now)

    def again(self) -> Move:
        """What was just said, once more."""
        return self.after(*self.answer.page)

    def after(self, *before: Spoken) -> Move:
        """What the caller can choose after an answer, or a part of one."""
        words, says = self._talk.words, self._talk.council.phone.said
        again, text = Choice("2", "again", self.again, says("again")), Choice("3", "text", self._text, says("text"))
        texts = () if self.answer.care else (text,)
        if self.answer.rest:
            choices = (
                Choice("1", "go_on", self.go_on, (*says("go_on"), *says("yes"))),
                again,
                *texts,
                Choice("4", "no", self._other, says("no")),
            )
            said = words.say("phone.go_on" if texts else "phone.go_on_no_text")
        else:
            choices = (
                Choice("1", "yes", self._other, says("yes")),
                again,
                *texts,
                Choice("4", "no", self._goodbye, (*says("no"), *says("goodbye"))),
            )
            said = words.say("phone.after" if texts else "phone.after_no_text")
        return self._talk.put(Question("after", (said,), CallState.MORE, choices, services=True, words=lambda _: None), *before)

    def which(self) -> Move:
        """The house's question back, with a key for each choice."""
        words = self._talk.words
        choices, said = [], []
        for key, (label, say) in enumerate(self.answer.choices[:4], 1):
            said.append(words.say("phone.choice", choice=label, key=str(key)))
            choices.append(Choice(str(key), f"which:{key}", partial(self._ask, say), (label,)))
        return self._talk.put(Question("which", tuple(said), CallState.CONFIRMING, tuple(choices), services=True, words=lambda _: None))

    def texted(self, sent: bool) -> Move:
        """The answer is on its way, or cannot be."""
        return self.after(self._talk.words.say("phone.text_sent" if sent else "phone.text_not_sent"))

    def _ask(self, say: str) -> Move:
        self._talk.last_words = say
        return Move(ask=say)

    def _text(self) -> Move:
        if not self.answer.turn_id:
            return self._talk.again()
        wanted = Wanted("phone.text_number", MOBILE, lambda number: Move(text_to=number), lambda: self.texted(False))
        return self._numbers.ask(wanted)

    def _safety(self, part: ReplyPart, number: int) -> tuple[Spoken, ...]:
        """999 before it, once; none of it can be cut off, and none of it is kept for later."""
        words = self._talk.words
        first: tuple[Spoken, ...] = ()
        if not self.answer.safety:
            first = (words.say("phone.danger_first", firm=True),)
        self.answer.safety = True
        wording = for_the_phone(part.wording, words.has)
        said = words.say(wording, firm=True) if wording != part.wording else self._whole(part)
        return (*first, replace(said, turn_id=self.answer.turn_id, part=number))

    def _whole(self, part: ReplyPart) -> Spoken:
        return Spoken(" ".join(for_the_ear(part.text, part.language)), part.language, part.wording, interruptible=False)

    def _sentences(self, part: ReplyPart, number: int) -> list[Spoken]:
        found = for_the_ear(part.text, part.language)
        last = len(found) - 1
        return [
            Spoken(sentence, part.language, part.wording, turn_id=self.answer.turn_id, part=number, ends=at == last)
            for at, sentence in enumerate(found)
        ]

    def _paged(self, sentences: list[Spoken]) -> tuple[Spoken, ...]:
        """What fits into this page; the first sentence always does. Once something is kept, all that follows is."""
        answer, now = self.answer, []
        for sentence in sentences:
            length = len(sentence.text.split())
            fits = not answer.page or answer.words + length <= self._talk.council.phone.answer_words
            if answer.rest or not fits or (answer.safety and answer.page):
                answer.rest.append(sentence)
                continue
            answer.page.append(sentence)
            answer.words += length
            now.append(sentence)
        return tuple(now)

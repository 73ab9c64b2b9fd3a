"""A call's dialogue: the same safety, commands, people and answers whether the caller chooses from menus or speaks freely."""

import re
from functools import partial
from typing import Final

from guildhall.channels.phone.dialogue.answers import Answers
from guildhall.channels.phone.dialogue.commands import Commands
from guildhall.channels.phone.dialogue.languages import Languages
from guildhall.channels.phone.dialogue.menus import Menus
from guildhall.channels.phone.dialogue.numbers import Numbers
from guildhall.channels.phone.dialogue.people import People
from guildhall.channels.phone.dialogue.phrases import COMMAND, CRISIS, DANGER, LANGUAGE, LANGUAGES, OPTION, PAY, PERSON, SERVICE, Vocabulary
from guildhall.channels.phone.dialogue.questions import Choice, Question
from guildhall.channels.phone.dialogue.safety import Safety
from guildhall.channels.phone.dialogue.streets import Streets
from guildhall.channels.phone.dialogue.talk import Talk
from guildhall.channels.phone.dialogue.words import CallCouncil, Words
from guildhall.channels.phone.dialogue.yes_no import yes_no
from guildhall.channels.phone.house import PersonRoute, Replied, TurnDone
from guildhall.channels.phone.moves import NOTHING, Move, Spoken
from guildhall.channels.phone.speech import Heard
from guildhall.channels.phone.states import CallState
from guildhall.channels.phone.turn_taking import Patience
from guildhall.vocabulary.outcomes import Outcome, Person, Reason

NOT_SURE: Final = "not_sure_heard"
SURE_ENOUGH: Final = 0.5
"""A phrase that was heard with less confidence is asked back before anything is done by it."""
FAINT: Final = 0.6
"""A phrase of danger or a crisis that a grammar heard with less is said back: what callers had not said came with 0.50 to 0.52."""
SURE: Final = "sure"
DANGER_SURE: Final = "danger-sure"
YES_NO: Final = "yes_no"
HARMLESS: Final = frozenset(
    COMMAND + name for name in ("repeat", "again", "slower", "louder", "more_time", "relay", "languages", "robot", "back", "menu", "go_on")
)
"""Commands that lead nowhere a word or a key does not lead back from: done however faintly they were heard. A goodbye is none."""
DIGITS: Final = re.compile(r"\+?\d[\d ]*")
CARD: Final = re.compile(r"(?:\d[ -]?){12,18}\d")
"""So many digits are a payment card: they are taken by nobody here."""


class CallDialogue:
    """What the directed and the open dialogue share. A dialogue says how a call begins, and what words that are no phrase mean."""

    open = False

    def __init__(self, council: CallCouncil, vocabulary: Vocabulary, caller_number: str = "", transcribed_outside: bool = False) -> None:
        nothing = Question("nothing", (), CallState.DIRECTED)
        self.talk = talk = Talk(council, vocabulary, Words(council), caller_number, self.open, self.home, nothing)
        self.numbers, self.safety = Numbers(talk), Safety(talk)
        self.menus = Menus(talk, Streets(talk))
        self.languages = Languages(talk, transcribed_outside, self.greeting)
        self.answers = Answers(talk, self.numbers, self.other, self.goodbye)
        self.people = People(talk, self.numbers, self.answers.after)
        self.commands = Commands(talk, self)

    # how a call begins, and where its paths end

    def opening(self) -> Move:
        """The ways to safety and to a person first, within ten seconds of the answer; then the languages, and what can be asked."""
        return self.greeting()

    def greeting(self) -> Move:
        """The opening in the caller's language."""
        keys, words = self.talk.council.phone.keys, self.talk.words
        safety = words.say("phone.safety_keys", danger=keys.danger, crisis=keys.crisis, person=keys.person)
        names = self.languages.names() if words.language == "en" else ()
        return self.home(safety, *names)

    def home(self, *before: Spoken) -> Move:
        """What the caller wants is asked."""
        raise NotImplementedError

    def other(self) -> Move:
        """What else the caller wants is asked."""
        return self.home(self.talk.words.say("phone.what_else"))

    def goodbye(self) -> Move:
        """The call ends."""
        return Move((self.talk.words.say("phone.goodbye"),), hang_up=True)

    def free(self, heard: Heard) -> Move:
        """Words that are no phrase of the phone: the house hears them as it does on every channel."""
        self.talk.last_words = heard.text
        return Move(ask=heard.text, confidence=heard.confidence)

    # what the caller does

    def heard(self, heard: Heard) -> Move:
        """Safety, a person and the phone's own commands first, each by a whole utterance only; then the open question; then the house."""
        talk = self.talk
        means = heard.means or talk.means(heard.text)
        if self._may_be_misheard(heard):
            return self._danger_sure(heard, means)
        if (safe := self.safety.means(means, self.people.ringing)) is not None:
            talk.last_words = heard.text or talk.last_words
            return safe
        if self.people.ringing:
            return NOTHING
        if means == PERSON:
            return talk.person(heard.text or PERSON)
        if CARD.search(heard.text):
            return self.commands.pay()
        if means and self._doubtful(heard, means):
            return self.unheard() if talk.question.slot == YES_NO else self._sure(heard, means)
        if chosen := self._chosen(means):
            talk.understood()
            return chosen.act()
        move = self._by_meaning(means) if means else self._by_words(heard)
        if move is None:
            return self.unheard()
        talk.understood()
        return move

    def _doubtful(self, heard: Heard, means: str) -> bool:
        """Whether a phrase is said back first: a faint one that leads elsewhere, and the name of a language that a grammar heard, however well,
        as it is found in other short words and whoever is misheard could not follow what comes next. Not twice."""
        said_again = self.talk.question.name == SURE and means == self.talk.question.choices[-1].means
        if heard.means.startswith(LANGUAGE) or said_again:
            return not said_again
        return heard.confidence < SURE_ENOUGH and means not in HARMLESS

    def _chosen(self, means: str) -> Choice | None:
        return next((choice for choice in self.talk.question.choices if choice.means == means), None)

    def _by_meaning(self, means: str) -> Move | None:
        if chosen := self._chosen(means):
            return chosen.act()
        if means == PAY:
            return self.commands.pay()
        if means.startswith(COMMAND):
            return self.commands.do(means.removeprefix(COMMAND))
        if means.startswith(LANGUAGE):
            return self.languages.choose(means.removeprefix(LANGUAGE))
        if means == LANGUAGES:
            return self.languages.ask()
        return self.menus.means(means) if means.startswith((OPTION, SERVICE)) else None

    def _by_words(self, heard: Heard) -> Move | None:
        question = self.talk.question
        if question.take and DIGITS.fullmatch(heard.text.strip()):  # a number that was said, and is read back before it is used
            return question.take(re.sub(r"\D", "", heard.text))
        if question.words and (move := question.words(heard)) is not None:
            return move
        return self.free(heard)

    def _sure(self, heard: Heard, means: str) -> Move:
        """A faint phrase is said back, with the keys for yes and no; a language by its own name, too."""
        words, before, misses = self.talk.words, self.talk.question, self.talk.misses
        own = (self.languages.named(means.removeprefix(LANGUAGE)),) if means.startswith(LANGUAGE) else ()
        said = (*own, words.say("phone.did_you_say", words=heard.text))

        def yes() -> Move:
            self.talk.question = before
            return self._by_meaning(means) or self.unheard()

        def no() -> Move:
            self.talk.question, self.talk.misses = before, misses
            return self.talk.missed()

        choices = (*yes_no(self.talk, yes, no), Choice("", means, yes))  # the word once more is a yes
        return self.talk.put(Question(SURE, said, CallState.CONFIRMING, choices, slot=YES_NO, person=before.person))

    def _may_be_misheard(self, heard: Heard) -> bool:
        """Whether one short word of a grammar stands for danger, which is found in others, as flooding in housing; or a faint phrase for danger
        or a crisis, which are found in others too, as to die in to buy. Not twice, and not while a person's phone rings or danger is spoken
        of already."""
        kind = heard.means.partition(":")[0]
        one_word = kind == DANGER and len(heard.text.split()) == 1
        faint = kind in (DANGER, CRISIS) and heard.confidence < FAINT
        return (one_word or faint) and not self.people.ringing and self.talk.question.name not in (DANGER, CRISIS, DANGER_SURE)

    def _danger_sure(self, heard: Heard, means: str) -> Move:
        """The word is said back. Nothing but a no keeps a person away: who says nothing more may not be able to."""
        talk, before, misses = self.talk, self.talk.question, self.talk.misses
        talk.last_words = heard.text

        def yes() -> Move:
            talk.question = before
            return self.safety.means(means) or self.unheard()

        def no() -> Move:
            talk.question, talk.last_words, talk.misses = before, "", misses
            return talk.missed()

        said = talk.words.say("phone.did_you_say", words=heard.text)
        choices = yes_no(talk, yes, no)
        question = Question(
            DANGER_SURE, (said,), CallState.CONFIRMING, choices, slot=YES_NO, patience=Patience.URGENT, alone=yes, person=before.person
        )
        return talk.put(question)

    def pressed(self, keys: str) -> Move:
        """The keys that mean the same everywhere, unless the open question gathers keys or has the key for itself."""
        talk, question = self.talk, self.talk.question
        if self.people.ringing:
            return self._pressed_while_ringing(keys)
        if question.take is not None and not (len(keys) == 1 and keys in "0*"):
            if keys or question.name == "house-number":
                talk.understood()
                return question.take(keys)
            return talk.missed()
        if chosen := next((choice for choice in question.choices if choice.key == keys), None):
            talk.understood()
            return chosen.act()
        if (move := self.commands.key(keys)) is not None:
            return move
        return talk.missed()

    def _pressed_while_ringing(self, keys: str) -> Move:
        """Danger and crisis, and what it is when that was asked just before: every other key waits for the person."""
        council, question = self.talk.council.phone, self.talk.question
        if question.name in (DANGER, CRISIS) and (chosen := next((choice for choice in question.choices if choice.key == keys), None)):
            return chosen.act()
        if keys == council.keys.danger:
            return self.safety.danger(ringing=True)
        return self.safety.crisis(ringing=True) if keys == council.keys.crisis else NOTHING

    def silent(self, times: int) -> Move:
        """Asked again, then more simply with keys, then a person: nobody is left alone on a silent line."""
        talk = self.talk
        if talk.question.alone is not None:
            return talk.question.alone()
        if times == 1:
            return talk.again(talk.words.say("phone.still_there"))
        if times == 2:
            return (talk.question.simpler or talk.again)()
        return Move((talk.words.say("phone.silence_person"),), person="silence")

    def unheard(self) -> Move:
        """Something was said and not understood: once more, then a person."""
        return NOTHING if self.people.ringing else self.talk.missed()

    def deaf(self) -> Move:
        """Words could not be heard: keys, and choices by word, from now on. The second time, and where there are no menus, a person comes."""
        talk = self.talk
        talk.open = False
        if talk.question.person is None and not self.menus.usable:
            return Move(person=talk.last_words or "hearing_failed")
        missed = talk.missed("phone.deaf")
        asked_freely = talk.question.state == CallState.OPEN  # any other question has keys, and is asked again
        return self.menus.main(*missed.say[:1]) if asked_freely and not missed.person else missed

    # what the house says

    def filler(self) -> Spoken:
        """While a reply takes its time."""
        return self.talk.words.say("phone.filler")

    def slow(self) -> Move:
        """It takes long: said so, with a person to be had."""
        return Move((self.talk.words.say("phone.slow", key=self.talk.council.phone.keys.person),))

    def spoken(self, replied: Replied) -> tuple[Spoken, ...]:
        """A part of a reply for the ear."""
        return self.answers.spoken(replied)

    def replied(self, done: TurnDone) -> Move:
        """What comes after a reply: a person where one must come, else what the caller can choose."""
        talk, answer = self.talk, self.answers.answer
        if talk.open and done.language in talk.council.open_languages | {"en"}:
            talk.words.language = done.language
        if done.danger or (answer.safety and done.person == Person.BROUGHT):
            return self.safety.found(answer.safety) if done.danger else Move(person=talk.last_words or PERSON)
        if done.person == Person.BROUGHT or done.outcome == Outcome.FAIL_SAFE:
            return Move(person=talk.last_words or PERSON)
        if done.reason == Reason.NOT_THE_OWNER and self.people.waits:
            return self.people.here()
        if done.reason == NOT_SURE:
            return self._not_sure()
        if done.reason == Reason.PLACE_NEEDED or answer.place_needed:
            return self.menus.place(talk.last_words)
        if answer.choices:
            return self.answers.which()
        offer = (talk.words.say("phone.person_offered", key=talk.council.phone.keys.person),) if answer.offered else ()
        return self.answers.after(*offer)

    def _not_sure(self) -> Move:
        """The house has said back what it heard; yes asks the same with full confidence."""
        words = self.talk.words
        again = self.talk.last_words
        choices = yes_no(self.talk, lambda: Move(ask=again), partial(self.home, words.say("phone.not_heard")))
        return self.talk.put(Question("not-sure", (words.say("phone.yes_no"),), CallState.CONFIRMING, choices, slot=YES_NO))

    # a person

    def person(self, route: PersonRoute) -> Move:
        """How a person can be reached."""
        return self.people.person(route)

    def waiting(self, route: PersonRoute, times: int) -> Move:
        """Still no person."""
        return self.people.still_waiting(route, times)

    def back(self, why: str, route: PersonRoute | None = None) -> Move:
        """Nobody answered."""
        return self.people.back(why, route)

    def booked(self, when: str) -> Move:
        """A callback was booked, or not."""
        return self.people.booked(when)

    def texted(self, sent: bool) -> Move:
        """The answer is on its way, or not."""
        return self.answers.texted(sent)

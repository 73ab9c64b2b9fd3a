"""The phone's own commands, each by key or by a whole utterance: again, slower, louder, more time, another language, a payment, are you a robot, goodbye."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from guildhall.channels.phone.dialogue.talk import Talk
from guildhall.channels.phone.moves import Move
from guildhall.channels.phone.states import CallState

if TYPE_CHECKING:
    from guildhall.channels.phone.dialogue.dialogue import CallDialogue


class Commands:
    """One call's commands."""

    def __init__(self, talk: Talk, dialogue: "CallDialogue") -> None:
        self._talk, self._dialogue = talk, dialogue

    def do(self, name: str) -> Move | None:
        """Carry a command out; None for a word that is none here, such as a yes to no question."""
        words = self._talk.words
        acts: dict[str, Callable[[], Move]] = {
            "repeat": lambda: Move(repeat=True),
            "again": lambda: Move(repeat=True),
            "slower": lambda: Move((words.say("phone.slower"),), slower=True),
            "louder": lambda: Move((words.say("phone.louder"),), louder=True),
            "more_time": self._patient,
            "relay": self._patient,
            "languages": self._dialogue.languages.ask,
            "robot": lambda: self._talk.again(words.say("asks_if_human")),
            "goodbye": self._dialogue.goodbye,
            "back": self._dialogue.menus.back,
            "menu": self._dialogue.menus.main,
            "go_on": self._go_on,
        }
        return acts[name]() if name in acts else None

    def key(self, key: str) -> Move | None:
        """What a key does anywhere; None for one that does nothing here."""
        keys = self._talk.council.phone.keys
        acts: dict[str, Callable[[], Move]] = {
            keys.person: lambda: self._talk.person(self._talk.last_words or "0"),
            keys.danger: self._dialogue.safety.danger,
            keys.crisis: self._dialogue.safety.crisis,
            keys.more_time: self._patient,
            keys.languages: self._dialogue.languages.ask,
            keys.payment: self.pay,
            keys.repeat: lambda: Move(repeat=True),
            keys.back: self._dialogue.menus.back,
        }
        return acts[key]() if key in acts else None

    def pay(self) -> Move:
        """Over to the council's payment line. No digit of a card is ever taken here."""
        words = self._talk.words
        if self._talk.council.phone.payment:
            return Move((words.say("phone.pay", firm=True),), CallState.PAYING, pay=True)
        return Move((words.say("phone.pay_none"),), person="payment")

    def _patient(self) -> Move:
        return self._talk.put(self._talk.question, self._talk.words.say("phone.patient"), move=Move(patient=True))

    def _go_on(self) -> Move:
        answers = self._dialogue.answers
        return answers.go_on() if answers.answer.rest else self._talk.again()

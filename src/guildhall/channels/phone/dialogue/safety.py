"""Danger and crisis: the words for it first, which nobody can cut off, and then a person, ahead of everybody where life is at risk."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from guildhall.channels.phone.dialogue.phrases import CRISIS, DANGER
from guildhall.channels.phone.dialogue.questions import Choice, Question
from guildhall.channels.phone.dialogue.talk import Talk
from guildhall.channels.phone.moves import Move, Spoken
from guildhall.channels.phone.states import CallState
from guildhall.channels.phone.turn_taking import Patience
from guildhall.councils.phone_config import SafetyPath


class Safety:
    """One call's ways out of danger."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def means(self, means: str, ringing: bool = False) -> Move | None:
        """What a phrase of danger or crisis leads to; None for any other. `ringing`: a person's phone rings already."""
        kind, _, name = means.partition(":")
        if kind == DANGER:
            return self.danger_path(name) if name else self.danger(ringing)
        if kind == CRISIS:
            return self.crisis_path(name) if name else self.crisis(ringing)
        return None

    def danger(self, ringing: bool = False) -> Move:
        """999 first; then what it is, for the right advice. Whoever cannot say gets a person, and while one is rung already nothing is asked."""
        first, self._talk.in_danger = self._talk.words.say("phone.danger_first", firm=True), True
        if ringing:
            return Move((first,), CallState.EMERGENCY, person=DANGER, danger=True)
        return self._which(DANGER, first, self._talk.council.phone.danger, CallState.EMERGENCY)

    def crisis(self, ringing: bool = False) -> Move:
        """That help is there; then what it is. Whoever would rather not say gets a person, and while one is rung already nothing is asked."""
        first, paths = self._talk.words.say("phone.crisis_first", firm=True), self._talk.council.phone.crisis
        if ringing:  # which crisis it is nobody knows, so it counts as the gravest
            self._talk.in_danger |= (ahead := any(path.ahead for path in paths.values()))
            return Move((first,), CallState.SAFEGUARDING, person=CRISIS, danger=ahead)
        return self._which(CRISIS, first, paths, CallState.SAFEGUARDING)

    def danger_path(self, name: str, told: bool = False) -> Move:
        """999, unless the caller was `told` a moment ago, the advice for this danger, and a person."""
        path, self._talk.in_danger = self._talk.council.phone.danger[name], True
        first = () if told else (self._talk.words.say("phone.danger_first", firm=True),)
        return Move((*first, self._advice(path)), CallState.EMERGENCY, person=path.says, danger=True)

    def crisis_path(self, name: str) -> Move:
        """The approved words, and a person."""
        path = self._talk.council.phone.crisis[name]
        self._talk.in_danger |= path.ahead
        return Move((self._advice(path),), CallState.SAFEGUARDING, person=path.says, danger=path.ahead)

    def found(self, said: bool) -> Move:
        """The house has found danger in the caller's words. `said`: the safety words were part of the reply already."""
        self._talk.in_danger = True
        first = () if said else (self._talk.words.say("phone.danger_first", firm=True),)
        return Move(first, CallState.EMERGENCY, person=self._talk.last_words or DANGER, danger=True)

    def _which(self, kind: str, first: Spoken, paths: Mapping[str, SafetyPath], state: CallState) -> Move:
        words, follow = self._talk.words, partial(self.danger_path, told=True) if kind == DANGER else self.crisis_path
        said = (words.say("phone.choice", choice=words.of(path.label), key=path.key) for path in paths.values())
        offered = tuple(replace(choice, at_once=True) for choice in said)
        choices = tuple(
            Choice(path.key, f"{kind}:{name}", partial(follow, name), tuple(one for said in path.words.values() for one in said))
            for name, path in paths.items()
        )
        person = Move(state=state, person=kind, danger=kind == DANGER)
        question = Question(
            kind, (first, *offered), state, choices, words=lambda heard: replace(person, person=heard.text or kind),
            patience=Patience.URGENT, alone=lambda: person, person=person,
        )  # fmt: skip
        return self._talk.put(question)

    def _advice(self, path: SafetyPath) -> Spoken:
        return self._talk.words.say(for_the_phone(path.wording, self._talk.words.has), firm=True)


def for_the_phone(wording: str, has: Callable[[str], bool]) -> str:
    """The variant of an approved wording that fits a phone, where the written one speaks of a page."""
    variant = f"phone.{wording}"
    return variant if has(variant) else wording

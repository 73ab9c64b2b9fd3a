"""One call's common things: its words, the question that is open, and how often the caller was not understood."""

from dataclasses import dataclass, replace

from guildhall.channels.phone.dialogue.phrases import Vocabulary
from guildhall.channels.phone.dialogue.questions import Act, Question
from guildhall.channels.phone.dialogue.words import CallCouncil, Words
from guildhall.channels.phone.moves import Expect, Move, Spoken

MISSES_TO_A_PERSON = 2


@dataclass
class Talk:
    """What the parts of a dialogue share. `home` asks what the caller wants; it is where every path ends."""

    council: CallCouncil
    vocabulary: Vocabulary
    words: Words
    caller_number: str
    open: bool
    home: Act
    question: Question
    """The one that is open. `open` is false where words cannot be heard freely, or not any longer."""
    misses: int = 0
    last_words: str = ""
    """What the caller last said or chose, told to whoever takes the call."""
    in_danger: bool = False
    """Whether the caller spoke of danger in this call."""

    def put(self, question: Question, *before: Spoken, move: Move | None = None) -> Move:
        """Ask a question, after saying something else."""
        self.question = question
        return replace(
            move or Move(),
            say=((*move.say,) if move else ()) + (*before, *question.say),
            state=question.state,
            expect=self.expect(question),
        )

    def expect(self, question: Question) -> Expect:
        """What is waited for: any words where they can be heard and the question takes them, else the question's grammar."""
        grammar = None if question.words is not None and self.hears_freely(self.words.language) else self.vocabulary.grammar_of(question)
        hints = tuple(says for choice in question.choices for says in choice.says[:2])
        return Expect(grammar, question.patience, question.collect, hints)

    def again(self, *before: Spoken) -> Move:
        """The open question once more."""
        return self.put(self.question, *before)

    def hears_freely(self, language: str) -> bool:
        """Whether any words can be heard in the language now."""
        return self.open and language in self.council.open_languages

    def missed(self, told: str = "phone.not_heard") -> Move:
        """The caller was not understood: once more, and then a person, so that nobody goes round in a circle. In danger at once."""
        if self.question.person is not None:
            return self.question.person
        self.misses += 1
        if self.misses >= MISSES_TO_A_PERSON:
            self.misses = 0
            return Move((self.words.say("phone.two_failed"),), person=self.last_words or "two_failed")
        return self.again(self.words.say(told))

    def person(self, words: str) -> Move:
        """The caller asks for a person, with these words: still in danger if they said so just before."""
        return self.question.person or Move(person=words)

    def understood(self) -> None:
        """The caller was understood: failures count afresh."""
        self.misses = 0

    def means(self, text: str) -> str:
        """What the whole of an utterance means now; empty when it is no phrase of the phone."""
        return self.vocabulary.find(self.question, text)

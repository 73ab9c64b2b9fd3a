"""What a new word would change, before it is released: the council's cases, and past questions that hold the word, without it and with it.

A question that does not hold the word cannot be changed by it, so none of these is asked; they are counted instead.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from guildhall.conversations.house import House
from guildhall.learning.asking_again import ask
from guildhall.learning.phrased import says
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.unhelped import AskedBefore, Happened, UnhelpedReader
from guildhall.vocabulary.phrases import Difference
from guildhall.vocabulary.turns import Turn

LOOKED_THROUGH: Final = 5000
"""Past questions that are looked through for the word, the newest."""
ASKED_AT_MOST: Final = 100
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a word changes among past questions."""

    looked_through: int
    holding: int
    asked: int
    differences: tuple[Difference, ...]

    def as_json(self) -> dict[str, Any]:
        """The trial as JSON data, without words."""
        told = {"looked_through": self.looked_through, "holding": self.holding, "asked": self.asked}
        counts = {"worse": sum(d.worse for d in self.differences), "better": sum(d.better for d in self.differences)}
        return told | counts | {"differences": [asdict(difference) for difference in self.differences]}


def try_word(
    say: str,
    reader: UnhelpedReader,
    without: House,
    with_it: House,
    store: ConversationStore,
    progress: Progress = lambda _done, _all: None,
) -> Trial:
    """Ask past questions that hold the word twice. Both houses must keep nothing."""
    looked, held = holding(say, reader.past_questions(LOOKED_THROUGH))
    chosen = held[:ASKED_AT_MOST]
    differences: list[Difference] = []
    for done, turn in enumerate(chosen, 1):
        before = reader.asked_before(turn.conversation_id, turn.id)
        if before is not None and (found := _difference(turn, before, without, with_it, store)):
            differences.append(found)
        progress(done, len(chosen))
    return Trial(looked, len(held), len(chosen), tuple(differences))


def holding(say: str, past: Iterable[tuple[Happened, Mapping[str, Any]]]) -> tuple[int, list[Happened]]:
    """How many questions there are, and those that hold the word."""
    looked, held = 0, []
    for turn, words in past:
        looked += 1
        if says(str(words.get("utterance", "")), say):
            held.append(turn)
    return looked, held


def _difference(turn: Happened, before: AskedBefore, without: House, with_it: House, store: ConversationStore) -> Difference | None:
    one, other = ask(before, without, store), ask(before, with_it, store)
    same_pages = {c.passage_id for c in one.reply.citations} == {c.passage_id for c in other.reply.citations}
    if one.outcome == other.outcome and _service(one) == _service(other) and same_pages:
        return None
    ends = (one.outcome.value, other.outcome.value)
    return Difference(turn.turn_id, turn.conversation_id, *ends, _service(one), _service(other), not same_pages)


def _service(turn: Turn) -> str:
    best: Sequence[Any] = [question.best for question in turn.questions if question.best]
    return str(best[0].key) if best else ""

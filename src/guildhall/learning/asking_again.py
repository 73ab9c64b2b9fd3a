"""Asks questions again through the whole turn, in a house that keeps nothing: the same words, after the same turns before them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from guildhall.conversations.house import House
from guildhall.conversations.runner import collect_turn
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.unhelped import AskedBefore, UnhelpedReader
from guildhall.vocabulary.gaps import WHOLE, AskedAgain, Gap, Missed, Unhelped
from guildhall.vocabulary.outcomes import Outcome
from guildhall.vocabulary.turns import Channel, PartKind, Turn, Utterance

MOST: Final = 200
"""Questions of a gap that are asked again, the newest."""
CAME_TO_SOMETHING: Final = frozenset({Unhelped.JUDGED_UNHELPFUL, Unhelped.WRONGLY_ROUTED, Unhelped.DRAFT_REJECTED})
"""These had a reply that was wrong: the same reply again is no better, so it must rest on something else."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Lift:
    """What asking again came to. `gone` questions could not be asked: their words were erased."""

    results: tuple[AskedAgain, ...]
    gone: int
    version: int
    """The version of the content that it was measured on."""

    @property
    def asked(self) -> int:
        """How many were asked again."""
        return len(self.results)

    @property
    def answered(self) -> int:
        """How many are answered now."""
        return sum(result.answered for result in self.results)

    def as_json(self) -> dict[str, Any]:
        """The lift as JSON data, without words."""
        results = [asdict(result) | {"cites": list(result.cites)} for result in self.results]
        return {"asked": self.asked, "answered": self.answered, "gone": self.gone, "version": self.version, "results": results}


def ask_gap_again(
    gap: Gap, asked: Sequence[Missed], reader: UnhelpedReader, house: House, store: ConversationStore, pages: Mapping[str, str], version: int,
    progress: Progress = lambda _done, _all: None,
) -> Lift:  # fmt: skip
    """Ask the questions of a gap again. `house` must keep nothing; `pages` has the page of each passage."""
    results: list[AskedAgain] = []
    chosen = asked[:MOST]
    for done, missed in enumerate(chosen, 1):
        before = reader.asked_before(missed.conversation_id, missed.event_id)
        if before is not None:
            facts = next(turn.facts for turn in reader.turns_of(missed.conversation_id) if turn.id == missed.event_id)
            results.append(_compared(missed, facts, ask(before, house, store), gap, pages))
        progress(done, len(chosen))
    return Lift(tuple(results), len(chosen) - len(results), version)


def ask(before: AskedBefore, house: House, store: ConversationStore) -> Turn:
    """One turn again, after the same turns, by the rules and the content of now."""
    channel = Channel(before.channel)
    conversation, _ = store.start(channel, before.language, house.clock())
    words = str(before.words.get("utterance", ""))
    return collect_turn(house, replace(conversation, turns=before.past), Utterance(words, channel, house.clock(), before.language))


def _compared(missed: Missed, facts: Mapping[str, Any], turn: Turn, gap: Gap, pages: Mapping[str, str]) -> AskedAgain:
    cites = tuple(str(citation.passage_id) for citation in turn.reply.citations)
    answered = _part_answered(missed, turn)
    if missed.why in CAME_TO_SOMETHING and set(cites) == set(facts.get("citations", ())):
        answered = False
    return AskedAgain(
        turn_id=missed.turn_id,
        conversation_id=missed.conversation_id,
        before=str(facts["outcome"]),
        now=turn.outcome.value,
        reason=turn.reason.value,
        answered=answered,
        cites=cites,
        new_page=bool(gap.page) and any(pages.get(passage) == gap.page for passage in cites),
    )


def _part_answered(missed: Missed, turn: Turn) -> bool:
    """Whether what was left open has an answer from the content; of a turn with several questions, whether that one has."""
    if turn.outcome == Outcome.ANSWERED:
        return bool(turn.reply.citations)
    if turn.outcome != Outcome.PARTLY_ANSWERED or missed.part == WHOLE or missed.part >= len(turn.questions):
        return False
    asked = turn.questions[missed.part].text.casefold()
    return any(part.kind == PartKind.ANSWER and part.question and part.question.casefold() in asked for part in turn.reply.parts)

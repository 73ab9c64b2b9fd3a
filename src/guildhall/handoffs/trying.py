"""What was tried: each question, how it ended, and what the resident was shown."""

from collections.abc import Iterator
from datetime import datetime

from guildhall.handoffs.told import Told, ToldTurn
from guildhall.vocabulary.briefs import Tried
from guildhall.vocabulary.joins import without_lead
from guildhall.vocabulary.outcomes import OUTCOME_LABELS, REASON_LABELS, Outcome, Reason
from guildhall.vocabulary.turns import PartKind, ReplyPart

TIMES = {2: "twice", 3: "three times", 4: "four times"}
SHOWN = (PartKind.ANSWER, PartKind.CLARIFICATION, PartKind.WORDING, PartKind.SIGNPOSTS)


def tried(told: Told) -> tuple[Tried, ...]:
    """Every question in the order it was asked, then what advisers wrote before."""
    found: list[tuple[datetime, Tried]] = []
    failed = 0
    for turn in told.turns:
        failed = failed + 1 if turn.failed else 0
        found.extend((turn.at, one) for one in _of_turn(turn, failed))
    found.extend((one.at, Tried("", "An adviser wrote", one.text, one.citations, one.by)) for one in told.written)
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))


def _of_turn(turn: ToldTurn, failed: int) -> Iterator[Tried]:
    if turn.reason in (Reason.SMALL_TALK, Reason.NOT_THE_OWNER, Reason.NOTHING_SAID):
        return
    answers: dict[str, list[ReplyPart]] = {}
    for part in turn.parts:
        if part.kind == PartKind.ANSWER:
            answers.setdefault(part.question, []).append(part)
    alone = [asked.text for asked in turn.asked]
    for question, parts in answers.items():
        yield _tried(question or (alone[0] if len(alone) == 1 else turn.text), OUTCOME_LABELS[Outcome.ANSWERED][0], parts)
    if not answers:
        yield _tried(turn.text, _outcome(turn, failed), [part for part in turn.parts if part.kind in SHOWN])
    elif turn.outcome == Outcome.PARTLY_ANSWERED:
        for text in alone:
            if _bare(text) not in {_bare(question) for question in answers} and len(alone) > 1:
                yield Tried(text, "Not answered", "")


def _bare(question: str) -> str:
    """A question without what joins it to the one before, as replies name it."""
    return without_lead(question).strip(" ?.!,").casefold()


def _tried(question: str, outcome: str, parts: list[ReplyPart]) -> Tried:
    citations = tuple(dict.fromkeys(citation for part in parts for citation in part.citations))
    return Tried(question, outcome, "\n\n".join(part.text for part in parts), citations)


def _outcome(turn: ToldTurn, failed: int) -> str:
    if turn.outcome is None or turn.reason is None:
        return "Cut short"
    label = OUTCOME_LABELS[turn.outcome][0]
    if turn.outcome == Outcome.ASKED_BACK and failed > 1:
        return f"{label} {TIMES.get(failed, f'{failed} times')}"
    return f"{label}: {REASON_LABELS[turn.reason][0].lower()}"

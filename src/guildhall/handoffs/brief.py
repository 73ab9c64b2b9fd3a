"""The brief, made from what was recorded: nothing is worked out that was not said, and no model is needed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from guildhall.handoffs.next_steps import NextStepsFile, Situation
from guildhall.handoffs.risks import risks_in, surest
from guildhall.handoffs.told import Told, ToldTurn
from guildhall.handoffs.trying import tried
from guildhall.handoffs.wanted import is_matter, wanted
from guildhall.vocabulary.briefs import Brief, GivenFact
from guildhall.vocabulary.categories import category_name
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.languages import Language, english_name
from guildhall.vocabulary.outcomes import REASON_LABELS, Reason
from guildhall.vocabulary.passages import Citation

UNSURE_OF_LANGUAGE = 0.5
PASSAGES_AT_MOST = 6


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the conversation itself: facts in the resident's words, agreed needs, passages that search brought back."""

    name_of: Callable[[ServiceKey], str]
    is_urgent: Callable[[ServiceKey], bool]
    next_steps: NextStepsFile
    facts: tuple[GivenFact, ...] = ()
    needs: tuple[str, ...] = ()
    passages: tuple[Citation, ...] = ()


def brief_of(told: Told, known: Known) -> Brief:
    """The brief of a conversation."""
    risks = risks_in(told.turns, known.is_urgent)
    language = language_of(told)
    foreign = language != Language.ENGLISH.value
    reasons = {told.reason, *(turn.reason.value for turn in told.turns[-1:] if turn.reason)}
    services = [asked.service for turn in told.turns for asked in turn.asked if asked.service]
    situation = Situation(((risk.category, risk.grade) for risk in surest(risks)), reasons, services, told.failed_in_a_row, foreign)
    return Brief(
        wanted=wanted(told, known.name_of),
        facts=known.facts,
        tried=tried(told),
        risks=risks,
        language=language,
        language_name=english_name(language),
        interpreter_needed=foreign,
        needs=known.needs,
        passages=_passages(told.turns, known.passages),
        next_step=known.next_steps.suggested(situation),
        reason=_reason(told),
    )


def language_of(told: Told) -> str:
    """The language the resident tells their matter in now; a call for a person, or a word or two, says less. Else what they chose on the page."""
    newest_first = told.turns[::-1]
    for turn in sorted(newest_first, key=lambda turn: not is_matter(turn)):
        if turn.facts.get("language_confidence", 0.0) >= UNSURE_OF_LANGUAGE and len(turn.text.split()) > 1:
            return str(turn.facts["language"])
    return told.language or Language.ENGLISH.value


def _passages(turns: Sequence[ToldTurn], found: Iterable[Citation]) -> tuple[Citation, ...]:
    cited = [citation for turn in reversed(turns) for part in turn.parts for citation in part.citations]
    once = {citation.passage_id: citation for citation in reversed([*cited, *found])}
    return tuple(once[key] for key in dict.fromkeys(citation.passage_id for citation in [*cited, *found]))[:PASSAGES_AT_MOST]


def _reason(told: Told) -> str:
    if told.reason not in set(Reason):
        return ""
    label, sentence = REASON_LABELS[Reason(told.reason)]
    return f"{label}: {category_name(told.category)}." if told.category else sentence

"""Decide: ask the policy pack of the conversation. The facts hold no text and no clock, so that a decision can be replayed.

What is judged is what the record can keep, digit for digit, so that a replay judges the very same.
The pack is chosen once in a turn. A pack in shadow is asked the same, and its decisions are recorded and never acted upon.
"""

from dataclasses import replace

from guildhall.conversations.house import House
from guildhall.conversations.state import TurnState
from guildhall.policy.evaluate import decide_with
from guildhall.policy.stored import recordable
from guildhall.vocabulary.decisions import DraftFacts, Facts, Stage
from guildhall.vocabulary.services import ServiceMatch


def decide_on_input(turn: TurnState, house: House) -> TurnState:
    """Judge the signals of the utterance."""
    return _decided(turn, house, facts_of(turn, house, Stage.ON_INPUT))


def decide_on_intent(turn: TurnState, house: House) -> TurnState:
    """Judge the services meant."""
    best = tuple(q.best for q in turn.understanding.questions if q.best)
    return _decided(turn, house, facts_of(turn, house, Stage.ON_INTENT, services=best))


def decide_on_draft(turn: TurnState, house: House, draft: DraftFacts) -> TurnState:
    """Judge one verified block of an answer."""
    return _decided(turn, house, facts_of(turn, house, Stage.ON_ANSWER, draft=draft))


def facts_of(
    turn: TurnState, house: House, stage: Stage, services: tuple[ServiceMatch, ...] = (), draft: DraftFacts | None = None
) -> Facts:
    """The facts of a stage, as the record keeps them."""
    languages = house.profile.council.languages
    desk = house.profile.handoffs.queues[house.profile.handoffs.default_queue].hours
    facts = Facts(
        stage=stage,
        channel=turn.utterance.channel.value,
        language=turn.speaks,
        signals=turn.detection.signals,
        failed_detectors=turn.detection.failed,
        unvalidated_detectors=turn.detection.unvalidated,
        services=services,
        failed_turns=turn.conversation.failed_turns,
        desk_open=house.profile.calendar.is_open(desk, turn.utterance.received_at),
        language_supported=turn.language.supported and turn.language.language in languages,
        draft=draft,
    )
    return recordable(facts)


def _decided(turn: TurnState, house: House, facts: Facts) -> TurnState:
    judging = turn.judging or house.packs.for_conversation(turn.conversation)
    decision = replace(decide_with(facts, judging.acting), facts=facts)
    watched = tuple(decide_with(facts, (pack, *judging.beside)) for pack in judging.shadow)
    sensitive = turn.sensitive or any(act.sensitive for act in decision.acts)
    return turn.but(judging=judging, decisions=(*turn.decisions, decision), shadow=(*turn.shadow, *watched), sensitive=sensitive)

"""Turns, requests and conversations as the API shows them."""

from collections.abc import Iterable
from typing import Any

from guildhall.bootstrap.turns import Ended
from guildhall.storage.conversations import TranscriptTurn
from guildhall.storage.people import CallbackRow
from guildhall.vocabulary.outcomes import Outcome, Person, Reason
from guildhall.vocabulary.turns import ReplyPart
from guildhall.web.api.models import CallbackOut, CitationOut, OptionOut, PartOut, RequestOut, TurnOut
from guildhall.web.front_door import FrontDoor


def part_out(part: ReplyPart, door: FrontDoor) -> PartOut:
    """A part, its links checked against the council's allow-list."""
    citations = [
        CitationOut(passage=c.passage_id, title=c.title, section=c.section, url=door.links.resolve(c.url), updated=c.updated)
        for c in part.citations
    ]
    return PartOut(
        kind=part.kind,
        text=part.text,
        language=part.language,
        wording=part.wording,
        question=part.question,
        service=part.service,
        citations=citations,
        options=[OptionOut(label=option.label, say=option.say) for option in part.options],
    )


def turn_out(turn_id: str, utterance: str, parts: Iterable[ReplyPart], facts: dict[str, Any], door: FrontDoor) -> TurnOut:
    """A turn from what was recorded of it; no facts mean that it has not ended."""
    return TurnOut(
        id=turn_id,
        utterance=utterance,
        parts=[part_out(part, door) for part in parts],
        outcome=Outcome(facts["outcome"]) if facts else None,
        reason=Reason(facts["reason"]) if facts else None,
        person=Person(facts.get("person", "none")),
        reference=facts.get("reference", ""),
        sensitive=bool(facts.get("sensitive")),
        language=facts.get("language", ""),
    )


def ended_out(ended: Ended, utterance: str, door: FrontDoor) -> TurnOut:
    """The turn that just ended."""
    return turn_out(ended.id, utterance, ended.parts, ended.facts, door)


def recorded_out(turn: TranscriptTurn, door: FrontDoor) -> TurnOut:
    """A turn of the transcript."""
    return turn_out(turn.id, turn.utterance, turn.parts, turn.facts, door)


def request_out(row: CallbackRow) -> RequestOut:
    """An open request and its callback."""
    callback = None
    if row.details:
        details = row.details
        callback = CallbackOut(
            starts_at=row.slot_starts_at,
            ends_at=row.slot_ends_at,
            name=details.name,
            phone=details.phone,
            safe_to_leave_message=details.safe_to_leave_message,
            needs=details.needs,
        )
    return RequestOut(reference=row.reference, queue=row.queue, requested_at=row.requested_at, callback=callback)


def human_route(door: FrontDoor, first: Iterable[ReplyPart] = ()) -> str:
    """What a program shows a resident when nothing could be kept: safety words, if any are called for, and the number of a person."""
    profile = door.guildhall.profile
    unkept = profile.wordings.say("fail_safe.unkept", "en", phone=profile.reached_by)
    return "\n\n".join((*(part.text for part in first), unkept))

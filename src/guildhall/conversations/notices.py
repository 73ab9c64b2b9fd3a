"""What a resident is told outside a turn: nobody came, the team has closed, the adviser could not go on. Approved wording, and true."""

from datetime import datetime

from guildhall.conversations.dates import when_in_words
from guildhall.councils.profile import CouncilProfile
from guildhall.handoffs.config import Queue
from guildhall.vocabulary.handoffs import GivenUp, Handoff, Lane
from guildhall.vocabulary.turns import PartKind, ReplyPart


def given_up(profile: CouncilProfile, handoff: Handoff, why: GivenUp, now: datetime) -> tuple[ReplyPart, ...]:
    """Nobody comes into the conversation: why, what is kept, and every way to a person there is now."""
    queue = _queue(profile, handoff)
    said = [_part(profile, handoff, f"notice.{why.value}")]
    if handoff.lane == Lane.DANGER:
        said.append(_part(profile, handoff, "notice.danger"))
    if profile.calendar.is_open(queue.hours, now):
        return (*said, _part(profile, handoff, "notice.then_open", phone=queue.phone or profile.reached_by))
    if queue.out_of_hours_phone:
        said.append(_part(profile, handoff, "notice.duty", duty_phone=queue.out_of_hours_phone))
    opens = profile.calendar.next_opening(queue.hours, now)
    if opens is None:
        return (*said, _part(profile, handoff, "notice.then_no_hours"))
    local = now.astimezone(profile.calendar.zone)
    told = when_in_words(opens, local, profile.wordings, _language(handoff))
    return (*said, _part(profile, handoff, "notice.then_closed", opens=told))


def adviser_left(profile: CouncilProfile, handoff: Handoff) -> tuple[ReplyPart, ...]:
    """The adviser cannot go on; the resident waits again, with their place kept."""
    return (_part(profile, handoff, "notice.adviser_left"),)


def still_waiting(profile: CouncilProfile, handoff: Handoff, position: int) -> tuple[ReplyPart, ...]:
    """It takes longer than was promised."""
    return (_part(profile, handoff, "notice.still_waiting", position=str(position)),)


def passed_to_team(profile: CouncilProfile, handoff: Handoff, queue: str) -> ReplyPart:
    """An adviser passes the resident to another team."""
    return _part(profile, handoff, "transfer.to_queue", queue=profile.handoffs.queues[queue].named(_language(handoff)))


def taken_over(profile: CouncilProfile, handoff: Handoff) -> ReplyPart:
    """Another adviser has the conversation now."""
    return _part(profile, handoff, "transfer.taken")


def colleague_takes_over(profile: CouncilProfile, handoff: Handoff) -> ReplyPart:
    """A supervisor gives the conversation to somebody else, who comes next."""
    return _part(profile, handoff, "transfer.supervisor")


def _queue(profile: CouncilProfile, handoff: Handoff) -> Queue:
    """Its queue, or the default one where a council has taken the queue away since."""
    queues = profile.handoffs.queues
    return queues.get(handoff.queue, queues[profile.handoffs.default_queue])


def _language(handoff: Handoff) -> str:
    return handoff.language or "en"


def _part(profile: CouncilProfile, handoff: Handoff, wording: str, **values: str) -> ReplyPart:
    language = _language(handoff)
    known = {"reference": handoff.reference, "queue": _queue(profile, handoff).named(language)}
    text = profile.wordings.say(wording, language, **(known | values))
    return ReplyPart(PartKind.PERSON, text, profile.wordings.language_of(wording, language), wording=wording)

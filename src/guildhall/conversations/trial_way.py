"""The one place where a trial reaches a turn: whether it is answered in the way that chance chose for a resident who agreed.

Whoever may be at risk, or has a person coming, is answered as everybody is. So is everybody else once the trial is over, or its plan is
no longer the one that was approved.
"""

from typing import Final

from guildhall.conversations.house import House
from guildhall.conversations.state import TurnState
from guildhall.vocabulary.outcomes import Person, Reason
from guildhall.vocabulary.turns import Channel

AT_RISK: Final = (Reason.DISTRESS.value, Reason.HAZARD.value)


def on_its_way(turn: TurnState, house: House) -> TurnState:
    """The turn with the way that it is answered in. Called once, before anything is composed."""
    assigned = turn.conversation.assigned
    plan = house.profile.trials.get(assigned.trial) if assigned else None
    if assigned is None or plan is None or plan.digest != assigned.digest or turn.utterance.channel != Channel.WEB:
        return turn
    if turn.sensitive or turn.person != Person.NONE or any(past.reason in AT_RISK for past in turn.conversation.turns):
        return turn
    if not plan.runs_on(turn.utterance.received_at.astimezone(house.profile.calendar.zone).date()):
        return turn
    return turn.but(arm=assigned.arm, new_way=plan.new_way if assigned.new else None)

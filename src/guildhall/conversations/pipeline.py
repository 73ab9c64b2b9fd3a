"""One turn, from a resident's words to a recorded reply: this list is the product.

Every channel takes this path. A step takes the turn so far and the house, and gives the turn back; a step that speaks is a
generator: it yields parts of the reply, each of which the runner records before anyone sees it. `always` steps run even when
an earlier step has ended the turn.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass

from guildhall.conversations.house import House
from guildhall.conversations.state import TurnState
from guildhall.conversations.steps.answer import answer
from guildhall.conversations.steps.check_ownership import check_ownership, check_ownership_again
from guildhall.conversations.steps.conclude import conclude
from guildhall.conversations.steps.decide import decide_on_input, decide_on_intent
from guildhall.conversations.steps.detect import detect
from guildhall.conversations.steps.heed_switches import heed_switches
from guildhall.conversations.steps.leave_to_owner import leave_to_owner
from guildhall.conversations.steps.receive import receive
from guildhall.conversations.steps.recognise_language import recognise_language
from guildhall.conversations.steps.redact import redact
from guildhall.conversations.steps.safeguard import safeguard
from guildhall.conversations.steps.search import search
from guildhall.conversations.steps.signpost import signpost
from guildhall.conversations.steps.submit_drafts import submit_drafts
from guildhall.conversations.steps.supervise import supervise
from guildhall.conversations.steps.understand import understand
from guildhall.vocabulary.turns import ReplyPart

Speaking = Generator[ReplyPart, None, TurnState]


@dataclass(frozen=True, slots=True)
class Step:
    """A named step of the turn."""

    run: Callable[[TurnState, House], TurnState | Speaking]
    always: bool = False

    @property
    def name(self) -> str:
        """The step's name, as the record has it."""
        return self.run.__name__


PIPELINE: tuple[Step, ...] = (
    Step(receive),  # the words as they came, made readable; nothing is thrown away
    Step(check_ownership),  # one party owns a conversation; a closed one begins afresh
    Step(recognise_language),  # which of the ten languages, in which script
    Step(detect),  # distress and danger first, in the resident's own words
    Step(decide_on_input),  # the policy pack judges the signals
    Step(leave_to_owner),  # if a person has the conversation, the assistant keeps quiet; only safety words are said
    Step(redact),  # nothing personal leaves the house after this
    Step(understand),  # the questions asked, and the services meant
    Step(decide_on_intent),  # the policy pack judges the intent
    Step(safeguard),  # what the rules want said first: safety, signposts, a person
    Step(heed_switches),  # what somebody has switched off gets a person instead
    Step(search),  # passages of the council's content, and place look-ups
    Step(supervise),  # what an adviser must see first, and what only approved text may answer
    Step(answer),  # compose, verify every fact, decide on the answer; block by block
    Step(submit_drafts),  # answers that an adviser checks first: put before them, and the resident told so
    Step(signpost),  # what another body does: who, and where
    Step(conclude),  # ask back, hand over, decline or own up; then the outcome and its reason
    Step(check_ownership_again, always=True),  # a late reply of an old owner is dropped
)

"""The life of a rule change, from the first look to in force: this list is the law of governance.

A change passes the gates in this order. Each refuses with a reason in a sentence and, where it can, a message that shows it. What
the tests and the replay found is kept as canonical JSON with its digest, and is what people sign; any other byte undoes the signatures.
"""

from collections.abc import Callable
from dataclasses import dataclass

from guildhall.governance.approving import signatures
from guildhall.governance.changes import Change
from guildhall.governance.gates import examples, fair, floors, lint, mutation, protection, replayed
from guildhall.governance.rollout import canary, shadow
from guildhall.vocabulary.gates import Gate, GateResult


@dataclass(frozen=True, slots=True)
class Step:
    """A gate, and how it is asked. `kept` gates are slow or must be signed: they are asked by a command, and the answer is kept."""

    gate: Gate
    ask: Callable[[Change], GateResult]
    kept: bool = False


LIFE: tuple[Step, ...] = (
    Step(Gate.LINT, lint, kept=True),  # every file can be read, versions are raised, a review is ahead, nothing points nowhere
    Step(Gate.OVERLAY, floors, kept=True),  # no floor protects less than it did
    Step(Gate.PROPERTY, protection, kept=True),  # for all facts there can be: nothing less protective, or it says so and the chair signs
    Step(Gate.EXAMPLES, examples, kept=True),  # each rule's own examples, with the real detectors
    Step(Gate.MUTATION, mutation, kept=True),  # drop a part, and an example fails
    Step(Gate.REPLAY, replayed, kept=True),  # the stored decisions of the last months miss nothing
    Step(Gate.SHADOW, shadow),  # judged beside the rules in force, for long enough, without effect
    Step(Gate.FAIRNESS, fair),  # nobody is served worse than the margin allows, or a signed waiver stands
    Step(Gate.SIGNATURES, signatures),  # the owner, the data protection officer, the chair where it loosens; never the author
    Step(Gate.CANARY, canary),  # 1, 5, 25, 100 % of conversations; out of its limits it rolls itself back
    Step(Gate.SIGNATURES, signatures),  # still valid on the day it comes into force
)

TESTS = tuple(step for step in LIFE if step.kept and step.gate != Gate.REPLAY)
BEFORE_SHADOW = LIFE[:6]
BEFORE_CANARY = LIFE[:9]
EMERGENCY = (Step(Gate.LINT, lint), Step(Gate.OVERLAY, floors), Step(Gate.PROPERTY, protection))
"""Asked at once of an emergency tightening; the last must find nothing less protective, and no saying so helps."""
RATIFYING = (*BEFORE_SHADOW, Step(Gate.SIGNATURES, signatures))
"""Asked before an emergency tightening may stay."""

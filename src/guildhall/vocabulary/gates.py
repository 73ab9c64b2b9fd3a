"""The gates that a change of the rules passes, and what a gate says: passed or refused, why, and for which message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final


class Gate(StrEnum):
    """The gates, in the order they are asked."""

    LINT = "lint"
    OVERLAY = "overlay"
    PROPERTY = "property"
    EXAMPLES = "examples"
    MUTATION = "mutation"
    REPLAY = "replay"
    FULL_REPLAY = "full_replay"
    SHADOW = "shadow"
    FAIRNESS = "fairness"
    CANARY = "canary"
    SIGNATURES = "signatures"
    REVIEW = "review"


GATE_LABELS: Final[dict[Gate, tuple[str, str]]] = {
    Gate.LINT: ("File check", "Every file can be read, nothing is unknown or missing, and nothing points nowhere."),
    Gate.OVERLAY: ("Floor check", "No floor of the baseline is loosened, and other loosening says why and who approved it."),
    Gate.PROPERTY: (
        "Protection check",
        "Whatever a message may hold, it is treated at least as protectively as before, or the change says so.",
    ),
    Gate.EXAMPLES: ("Examples", "Each rule fires on the examples it says and stays quiet on the others."),
    Gate.MUTATION: ("Mutation check", "If a part of a rule is dropped or changed, one of its examples fails."),
    Gate.REPLAY: ("Replay", "Past decisions, judged again by the proposed rules, miss nothing that was acted on before."),
    Gate.FULL_REPLAY: ("Full replay", "Messages still kept, heard and judged again, miss nothing that was acted on before."),
    Gate.SHADOW: ("Shadow", "The proposed rules judged beside the rules in force, without effect, for long enough."),
    Gate.FAIRNESS: ("Fairness", "Nobody is served worse for how they speak or who they are, or a signed waiver accepts it until a date."),
    Gate.CANARY: ("Canary", "A share of conversations was judged by the proposed rules and nothing went outside its limits."),
    Gate.SIGNATURES: ("Signatures", "The people who must agree have signed what was tested, and the author is not among them."),
    Gate.REVIEW: ("Review date", "Each rule in force is to be looked at again by a date that has not passed."),
}


@dataclass(frozen=True, slots=True)
class Counterexample:
    """One case that shows what a gate means: in a sentence, and as a message where one is known."""

    sentence: str
    message: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class GateResult:
    """What a gate says of a change. `facts` is plain JSON for the report that is signed."""

    gate: Gate
    passed: bool
    reason: str
    counterexamples: tuple[Counterexample, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The result as plain JSON, the same for the same result."""
        return {
            "gate": self.gate.value,
            "passed": self.passed,
            "reason": self.reason,
            "counterexamples": [{"sentence": c.sentence, "message": c.message, "language": c.language} for c in self.counterexamples],
            "facts": dict(self.facts),
        }

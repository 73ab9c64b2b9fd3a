"""The gates that need nothing but rules and facts. Each says in a sentence why it passes or refuses, with counterexamples."""

from collections.abc import Mapping, Sequence

from guildhall.policy.compare import PackComparison
from guildhall.policy.config import RuleFile
from guildhall.policy.replay import ReplayReport
from guildhall.policy.trials import Trial
from guildhall.vocabulary.gates import Gate, GateResult

SHOWN = 20


def overlay_gate(baseline: Mapping[str, RuleFile], overlay: Sequence[RuleFile]) -> GateResult:
    """No floor is loosened, and other loosening is owned up to."""
    raise NotImplementedError


def property_gate(comparison: PackComparison, declared: bool = False) -> GateResult:
    """Nothing is treated less protectively, unless the change declares that it loosens (then the reason names the board's chair)."""
    raise NotImplementedError


def examples_gate(rules: Sequence[RuleFile], trials: Mapping[str, Sequence[Trial]]) -> GateResult:
    """Each rule passes its own examples; `trials` is by rule id."""
    raise NotImplementedError


def mutation_gate(rules: Sequence[RuleFile], trials: Mapping[str, Sequence[Trial]]) -> GateResult:
    """Each part of each rule is needed by one of its examples."""
    raise NotImplementedError


def replay_gate(report: ReplayReport, max_newly_missed: int = 0, gate: Gate = Gate.REPLAY) -> GateResult:
    """No more past decisions than allowed would now be missed or less protective, and the old pack reproduces its own decisions."""
    raise NotImplementedError

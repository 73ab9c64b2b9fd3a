"""Every code of governance has words a person can read."""

from guildhall.vocabulary.gates import GATE_LABELS, Gate
from guildhall.vocabulary.governance import HOW_LABELS, PHASE_LABELS, HowActivated, Phase
from guildhall.vocabulary.roles import ROLE_LABELS, Role


def test_every_code_of_governance_has_a_label_and_a_sentence() -> None:
    for codes, labels in ((Gate, GATE_LABELS), (Phase, PHASE_LABELS), (HowActivated, HOW_LABELS), (Role, ROLE_LABELS)):
        assert set(labels) == set(codes)
        assert all(label and sentence.endswith(".") for label, sentence in labels.values())

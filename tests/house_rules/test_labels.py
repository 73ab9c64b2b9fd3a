"""Every outcome, reason, event, language and category has words a person can read."""

from guildhall.vocabulary.events import EVENT_LABELS, EventKind
from guildhall.vocabulary.languages import OWN_NAMES, Language
from guildhall.vocabulary.outcomes import OUTCOME_LABELS, REASON_LABELS, Outcome, Reason


def test_every_code_has_a_label_and_a_sentence() -> None:
    for codes, labels in ((Outcome, OUTCOME_LABELS), (Reason, REASON_LABELS), (EventKind, EVENT_LABELS)):
        assert set(labels) == set(codes)
        assert all(label and sentence.endswith(".") for label, sentence in labels.values())


def test_every_language_has_its_own_name() -> None:
    assert set(OWN_NAMES) == set(Language)

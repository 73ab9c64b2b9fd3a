"""Every outcome, reason, event, language and category has words a person can read."""

from guildhall.vocabulary.events import EVENT_LABELS, EventKind
from guildhall.vocabulary.languages import OWN_NAMES, Language
from guildhall.vocabulary.outcomes import OUTCOME_LABELS, REASON_LABELS, Outcome, Reason
from guildhall.vocabulary.supervision import DRAFT_LABELS, MODE_LABELS, SETTING_LABELS, DraftStatus, Mode, SettingAction


def test_every_code_has_a_label_and_a_sentence() -> None:
    told = ((Outcome, OUTCOME_LABELS), (Reason, REASON_LABELS), (EventKind, EVENT_LABELS))
    supervised = ((Mode, MODE_LABELS), (DraftStatus, DRAFT_LABELS), (SettingAction, SETTING_LABELS))
    for codes, labels in (*told, *supervised):
        assert set(labels) == set(codes)
        assert all(label and sentence.endswith(".") for label, sentence in labels.values())


def test_every_language_has_its_own_name() -> None:
    assert set(OWN_NAMES) == set(Language)

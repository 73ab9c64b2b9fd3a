"""Haircuts by evidence are the council's to set, and better evidence is never cut more."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from guildhall.councils.loading import load_council
from guildhall.value.ledger.config import HaircutsEntry
from guildhall.vocabulary.benefits import EvidenceLevel


def test_the_baseline_ships_a_suggestion() -> None:
    cuts = load_council(Path("councils"), "avonmere").value.haircuts
    assert [cuts[level] for level in EvidenceLevel] == [60, 45, 35, 15, 5]


def test_a_council_sets_its_own_and_better_evidence_is_not_cut_more() -> None:
    assert HaircutsEntry(e0=80).by_level[EvidenceLevel.E0] == 80
    with pytest.raises(ValidationError, match="better evidence cannot be cut more"):
        HaircutsEntry(e4=50)
    with pytest.raises(ValidationError):
        HaircutsEntry(e0=101)

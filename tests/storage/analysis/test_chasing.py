"""Contacts in which somebody asked again are counted from the record, and an answer to them shows nothing resolved."""

from datetime import timedelta
from pathlib import Path

from guildhall.councils.loading import load_council
from guildhall.storage.analysis.engine import AnalysisEngine
from guildhall.vocabulary.outcomes import Outcome, Reason
from tests.storage.analysis.histories import BEGIN, Made, answered, exporter, record, turn
from tests.storage.memory import Memory


def test_avoidable_contact_is_the_share_of_contacts_that_chase(memory: Memory, tmp_path: Path) -> None:
    quoted = turn(Outcome.ANSWERED, Reason.CHASED, quoted=True)
    made = [
        Made((quoted,), 0, False, "ann", "bins"),
        Made((answered(),), 5, False, "bob", "bins"),
        Made((answered(),)),
        Made((turn(Outcome.DECLINED, Reason.CHASED),)),
    ]
    record(memory, made)
    exporter(memory, tmp_path / "export").refresh()
    engine = AnalysisEngine(tmp_path / "export", BEGIN + timedelta(days=30))
    rows = engine.query("SELECT chased, fixed_fact, rung FROM contacts ORDER BY ALL")
    engine.close()
    assert [bool(row[0]) for row in rows].count(True) == 2
    assert [rung for chase, fixed, rung in rows if chase and not fixed] == ["abandoned_before", "unverified"]
    assert "verified" in [rung for chase, _, rung in rows if not chase], "the same answer to somebody who does not chase shows something"
    measure = load_council(Path("councils"), "avonmere").value.measures["avoidable_contact"]
    assert measure.formula == "share(chasing of everyone)"

"""A paper that no longer says what the system does is found out, fact by fact."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from guildhall.assurance.config import PaperKind
from guildhall.assurance.drift import DRIFT_LABELS, Difference, DriftKind, differences
from guildhall.assurance.figures import figure_facts
from guildhall.assurance.keeping import as_json, digest_of, kept
from guildhall.bootstrap.assurance import Desk
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.figures import Figures
from tests.assurance.desks import NOW, Change, changed_councils, desk_of, drafted, keep


def drift(kind: PaperKind, desk: Desk, tmp_path: Path, changes: dict[str, Change | bytes | None]) -> dict[str, Difference]:
    """What differs in a paper of the demonstration council after these changes."""
    councils = changed_councils(tmp_path, changes)
    found = differences(keep(drafted(kind, desk)), drafted(kind, desk_of(tmp_path / "var", councils)))
    return {item.key: item for item in found}


@pytest.mark.parametrize("kind", list(PaperKind))
def test_a_paper_does_not_drift_by_itself(desk: Desk, kind: PaperKind) -> None:
    assert differences(keep(drafted(kind, desk)), drafted(kind, desk)) == ()


def test_a_changed_rule_is_drift_with_old_new_and_source(desk: Desk, tmp_path: Path) -> None:
    name = "_baseline/policy/person.requested.yaml"
    found = drift(PaperKind.DUTIES, desk, tmp_path, {name: lambda text: text.replace("version: 2", "version: 3")})
    rule = found["3.1/person.requested/Rule"]
    assert (rule.kind, rule.old, rule.new) == (DriftKind.CHANGED, "person.requested@2", "person.requested@3")
    assert rule.source == "rule:person.requested@3"
    assert found["pack"].kind is DriftKind.CHANGED


def test_any_changed_pack_is_drift_in_every_paper(desk: Desk, tmp_path: Path) -> None:
    name = "_baseline/policy/person.requested.yaml"
    found = drift(PaperKind.ACCESSIBILITY, desk, tmp_path, {name: lambda text: text.replace("version: 2", "version: 3")})
    assert list(found) == ["pack"]


def test_a_changed_weight_is_drift_in_its_model_card(desk: Desk, tmp_path: Path) -> None:
    found = drift(PaperKind.MODELS, desk, tmp_path, {"_baseline/detectors/signals-nine.npz": b"other weights"})
    weights = found["6:signals-nine"]
    assert weights.kind is DriftKind.CHANGED
    assert "councils/_baseline/detectors/signals-nine.npz" in weights.source
    assert set(found) == {"6:signals-nine"}


def test_a_lost_weight_is_open_again(desk: Desk, tmp_path: Path) -> None:
    found = drift(PaperKind.MODELS, desk, tmp_path, {"_baseline/detectors/languages.npz": None})
    assert found["6:languages"].kind is DriftKind.OPEN_AGAIN


def test_a_withdrawn_answer_is_open_again(desk: Desk, tmp_path: Path) -> None:
    found = drift(
        PaperKind.DPIA, desk, tmp_path, {"avonmere/assurance.yaml": lambda t: t.replace("  data.lawful_basis:", "  # data.lawful_basis:")}
    )
    assert {key: item.kind for key, item in found.items()} == {"4.1": DriftKind.OPEN_AGAIN}


def test_a_changed_setting_is_drift(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDHALL_MODEL_KIND", "openai")
    monkeypatch.setenv("GUILDHALL_MODEL_NAME", "some-model")
    found = drift(PaperKind.ATRS, desk, tmp_path, {})
    assert found["2.2.1"].kind is DriftKind.CHANGED
    assert "some-model" in str(found["2.2.1"].new)
    assert found["2.4.2.1:composer-model"].kind is DriftKind.NEW


def test_a_rule_that_came_is_told_once(desk: Desk, tmp_path: Path) -> None:
    councils = changed_councils(tmp_path, {})
    rule = (councils / "_baseline/policy/conduct.abuse.yaml").read_text("utf-8").replace("id: conduct.abuse", "id: conduct.more")
    (councils / "avonmere/policy").mkdir()
    (councils / "avonmere/policy/conduct.more.yaml").write_text(rule, "utf-8")
    found = differences(keep(drafted(PaperKind.DUTIES, desk)), drafted(PaperKind.DUTIES, desk_of(tmp_path / "var", councils)))
    new = [item.key for item in found if item.kind is DriftKind.NEW]
    assert new == ["3.1/conduct.more/Rule"]


def test_a_public_paper_older_than_a_year_is_listed_though_nothing_changed(desk: Desk, tmp_path: Path) -> None:
    then = keep(drafted(PaperKind.ACCESSIBILITY, desk))
    late = desk_of(tmp_path, now=NOW + timedelta(days=366))
    old = [item for item in differences(then, drafted(PaperKind.ACCESSIBILITY, late)) if item.kind is DriftKind.OLD]
    assert (old[0].key, old[0].new) == ("drafted_at", "366 days old; residents read it, and it is to be reviewed every 365 days")
    assert all(item.counts for item in old)


def test_an_answer_older_than_a_year_is_listed_in_a_fresh_draft_too(desk: Desk, tmp_path: Path) -> None:
    councils = changed_councils(
        tmp_path, {"avonmere/assurance.yaml": lambda t: t.replace('web team", on: 2026-11-18', 'web team", on: 2024-11-18', 1)}
    )
    fresh = desk_of(tmp_path / "var", councils)
    paper = drafted(PaperKind.ACCESSIBILITY, fresh)
    found = differences(keep(paper), paper)
    assert [(item.key, item.kind, item.old) for item in found] == [("1.1", DriftKind.OLD, "said on 18 November 2024")]
    assert found[0].source == "answer:councils/avonmere/assurance.yaml#answers/accessibility.scope"


def test_a_rule_that_falls_overdue_is_drift(desk: Desk, tmp_path: Path) -> None:
    late = desk_of(tmp_path, now=NOW + timedelta(days=200))
    found = {item.key: item for item in differences(keep(drafted(PaperKind.DUTIES, desk)), drafted(PaperKind.DUTIES, late))}
    assert "overdue" in found["3.1/person.requested/Review by"].new


def measured(folder: Path, turns: int, at: datetime) -> Desk:
    """A desk whose record counted so many turns."""
    figures = Figures(at - timedelta(days=90), at, turns=turns, by_person={"brought": turns // 4, "offered": turns // 5})
    return desk_of(folder, more=figure_facts(figures), now=at)


def test_a_dated_figure_that_moved_is_told_and_is_no_drift(tmp_path: Path) -> None:
    then = measured(tmp_path / "then", 400, NOW)
    now = measured(tmp_path / "now", 437, NOW + timedelta(days=20))
    found = differences(keep(drafted(PaperKind.PLAYBOOK, then)), drafted(PaperKind.PLAYBOOK, now))
    assert [(item.key, item.kind, item.counts) for item in found] == [("4/2", DriftKind.MOVED, False)]
    assert "offered in 20%" in str(found[0].new)


def test_a_paper_changed_by_hand_is_refused(desk: Desk) -> None:
    data = as_json(drafted(PaperKind.DPIA, desk))
    data["facts"]["4.1"]["value"] = "consent"
    with pytest.raises(ConfigurationError, match=r"\(key `4.1`\): the paper was changed by hand"):
        kept(json.dumps(data), "dpia.json")


def test_a_fact_taken_out_by_hand_is_noticed(desk: Desk) -> None:
    data = as_json(drafted(PaperKind.DPIA, desk))
    del data["facts"]["4.1"]
    with pytest.raises(ConfigurationError, match="changed by hand"):
        kept(json.dumps(data), "dpia.json")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"facts": {}, "kind": "poem"}'])
def test_what_is_no_paper_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="not a paper"):
        kept(text, "x.json")


def test_equal_systems_draft_equal_digests(desk: Desk, tmp_path: Path) -> None:
    later = desk_of(tmp_path, now=NOW + timedelta(minutes=5))
    for kind in PaperKind:
        assert digest_of(drafted(kind, desk)) == digest_of(drafted(kind, later))


def test_every_kind_of_difference_has_a_sentence() -> None:
    assert set(DRIFT_LABELS) == set(DriftKind)

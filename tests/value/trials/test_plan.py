"""A trial may change only what is safe, is decided by all who were assigned, and can see what would matter."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from guildhall.councils.trial_files import read_trials
from guildhall.councils.yaml_files import YamlReader
from guildhall.value.evaluation.trial import Arm, trial
from guildhall.value.trials.power import power_of
from guildhall.vocabulary.errors import ConfigurationError
from tests.value.trials.plans import ENTRY, book, plan

FILE = """trials:
  t:
    question: Do shorter answers help more?
    new_way: short_answers
    from: 2026-11-01
    until: 2026-12-31
    measure: met
    expected: 0.45
    worth_seeing: 0.06
    contacts: 4000
    owner: A programme lead
"""


def written(folder: Path, old: str = "", new: str = "") -> Path:
    assert old in FILE
    (folder / "trials.yaml").write_text(FILE.replace(old, new), "utf-8")
    return folder


def test_a_council_without_the_file_has_no_trials(tmp_path: Path) -> None:
    assert read_trials(YamlReader(), tmp_path, book()) == {}


def test_a_trial_is_read_as_it_is_written(tmp_path: Path) -> None:
    found = read_trials(YamlReader(), written(tmp_path), book())
    assert found == {"t": plan()}


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("short_answers", "fewer_signposts", 4, "`fewer_signposts` is not one of the values allowed"),
        ("    owner", "    detectors: none\n    owner", 11, "this key is not known"),
        ("2026-12-31", "2026-10-31", 2, "`until` (2026-10-31) is before `from` (2026-11-01)"),
        ("measure: met", "measure: mett", 7, "there is no measure `mett`"),
        ("measure: met", "measure: some", 7, "`some` is no share of contacts"),
        ("measure: met", "measure: again", 7, "`again` leaves out contacts by `again_7d`"),
        ("measure: met", "measure: cut", 7, "`cut` leaves out contacts by `distress`"),
        ("    contacts: 4000\n", "", 2, "a needed key is missing"),
        ("contacts: 4000", "contacts: 4", 10, "greater than or equal to 40"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_file_and_line(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        read_trials(YamlReader(), written(tmp_path, old, new), book())
    assert says in str(error.value)
    assert f"trials.yaml:{line}" in str(error.value)


def test_what_is_settled_before_chance_decides_may_narrow_the_measure() -> None:
    assert plan(measure="met_on_web").measure == "met_on_web"


@pytest.mark.parametrize("changed", [{"share": 0.6}, {"until": "2027-01-01"}, {"measure": "met_on_web"}, {"new_way": "quoted_answers"}])
def test_another_plan_has_another_digest(changed: dict[str, Any]) -> None:
    assert plan(**changed).digest != plan().digest
    assert plan().digest == plan(**ENTRY).digest


def test_the_power_says_what_simulated_trials_see() -> None:
    power, rng = power_of(plan()), np.random.default_rng(11)
    assert 0.045 < power.smallest < 0.055
    for direction in (1, -1):
        new = rng.binomial(2000, 0.45 + direction * power.smallest, 200)
        found = [
            trial(Arm("u", 2000, int(u)), Arm("n", 2000, int(n))).found for u, n in zip(rng.binomial(2000, 0.45, 200), new, strict=True)
        ]
        assert 0.72 < np.mean(found) < 0.92


def test_a_trial_too_small_for_what_matters_says_how_large_it_must_be() -> None:
    power = power_of(plan(contacts=400))
    assert not power.enough
    assert "The trial is too small: it needs 2,8" in power.sentence
    assert power_of(plan(contacts=power.needed)).enough
    assert power_of(plan(share=0.2, contacts=power.needed)).enough is False

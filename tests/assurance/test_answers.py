"""A mistake in a council's answers is told with its place and its remedy."""

from pathlib import Path

import pytest

from guildhall.assurance.shelf import read_shelf
from guildhall.councils.yaml_files import YamlReader
from guildhall.vocabulary.errors import ConfigurationError
from tests.assurance.desks import YAML, changed_councils

GOOD = 'answers:\n  owner.team: {says: "Digital", by: "head of digital", on: 2026-11-01, status: confirmed}\n'
BROKEN = {
    "an answer nobody asked for": (
        GOOD.replace("owner.team", "owner.tem"),
        "assurance.yaml:2 (key `answers.owner.tem`): `owner.tem` is asked by no form. Did you mean `owner.team`?",
    ),
    "a risk nobody knows": (
        GOOD
        + "risks:\n  distress_mised: {likelihood: remote, severity: severe, residual: low, accepted_by: board, on: 2026-11-01, status: confirmed}\n",
        "assurance.yaml:4 (key `risks.distress_mised`): `distress_mised` is no risk of the baseline's list. Did you mean `distress_missed`?",
    ),
    "an unknown key": (
        GOOD.replace("status: confirmed", "status: confirmed, note: later"),
        "assurance.yaml:2 (key `answers.owner.team.note`): this key is not known. Remove it, or check its spelling.",
    ),
    "nobody who answers for it": (
        GOOD.replace('by: "head of digital", ', ""),
        "assurance.yaml:2 (key `answers.owner.team.by`): a needed key is missing. Add `by`.",
    ),
    "a status that is none": (
        GOOD.replace("status: confirmed", "status: probably"),
        "assurance.yaml:2 (key `answers.owner.team.status`): `probably` is not one of the values allowed. Use 'confirmed' or 'to_be_confirmed'.",
    ),
    "the same question twice": (
        GOOD + GOOD.splitlines()[1] + "\n",
        'assurance.yaml:3: found duplicate key "owner.team". Keep one of the two.',
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_mistake_is_told_with_its_place_and_its_remedy(case: str, tmp_path: Path) -> None:
    text, message = BROKEN[case]
    councils = changed_councils(tmp_path, {"avonmere/assurance.yaml": text.encode()})
    with pytest.raises(ConfigurationError) as raised:
        read_shelf(councils, "avonmere", YamlReader(YAML))
    assert str(raised.value).removeprefix(f"{councils}/avonmere/") == message


def test_the_good_one_is_read(tmp_path: Path) -> None:
    councils = changed_councils(tmp_path, {"avonmere/assurance.yaml": GOOD.encode()})
    shelf = read_shelf(councils, "avonmere", YamlReader(YAML))
    assert shelf.council.answers["owner.team"].says == "Digital"


def test_a_form_under_another_name_is_refused(tmp_path: Path) -> None:
    councils = changed_councils(tmp_path, {"_baseline/assurance/forms/dpia.yaml": lambda text: text.replace("kind: dpia", "kind: atrs")})
    with pytest.raises(ConfigurationError, match="Write `dpia`, as the file is called"):
        read_shelf(councils, "avonmere", YamlReader(YAML))

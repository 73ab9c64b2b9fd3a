"""`other-bodies.yaml`: the baseline's with the council's over it; a mistake is told with file, line and remedy."""

from pathlib import Path

import pytest

from guildhall.councils.config import ElsewhereFile
from guildhall.councils.loading import load_council
from guildhall.councils.yaml_files import YamlReader
from guildhall.vocabulary.errors import ConfigurationError
from tests.councils.small import write

BASE, OWN = "_baseline/other-bodies.yaml", "smallton/other-bodies.yaml"
ENTRY = """
{key}:
  name: {name}
  body: {body}
  text: Do it on their page.
  url: {url}
  phrases: [{phrases}]
"""
SHIPPED = YamlReader().read(Path("councils/_baseline/other-bodies.yaml"), ElsewhereFile).root
CERTAIN = {"101", "105", "111", "0800 111 999"}
"""Numbers that everybody in England knows; any other is for a council to add."""


def entry(
    key: str = "water", name: str = "Water", body: str = "a company", url: str = "https://www.gov.uk/water", phrases: str = "water bill"
) -> str:
    return ENTRY.format(key=key, name=name, body=body, url=url, phrases=phrases)


def bodies(folder: Path, text: str) -> list[str]:
    return [body.body for body, _ in load_council(folder, "smallton").elsewhere.set_aside(text).bodies]


def test_a_council_without_the_file_sends_nobody_elsewhere(tmp_path: Path) -> None:
    assert bodies(write(tmp_path), "my water bill") == []


def test_a_council_replaces_adds_and_takes_out(tmp_path: Path) -> None:
    base = entry() + entry("trains", "Trains", "the railway", phrases="train times")
    own = entry(body="Smallton Water") + entry("schools", "Schools", "the county council", phrases="school place") + "trains:\n"
    folder = write(tmp_path, {BASE: base, OWN: own})
    assert bodies(folder, "my water bill") == ["Smallton Water"]
    assert bodies(folder, "a school place") == ["the county council"]
    assert bodies(folder, "train times") == []


BAD = [
    ("no https", entry(url="http://www.gov.uk/"), "other-bodies.yaml:5 (key `water.url`): string should match pattern"),
    ("no words", entry(phrases=""), "other-bodies.yaml:1 (key `water`): it has neither `phrases` nor `alone`, so no question would ever find it"),
    ("a phrase of nothing", entry(phrases="the"), "other-bodies.yaml:6 (key `water.phrases.0`): `the` holds no word that could be looked for."),
    ("nobody who does it", entry().replace("  body: a company\n", ""), "other-bodies.yaml:1 (key `water.body`): a needed key is missing. Add `body`."),
    ("an unknown key", entry() + "  hours: always\n", "other-bodies.yaml:7 (key `water.hours`): this key is not known."),
    ("words of two bodies", entry() + entry("power", "Power", phrases="my water bills"), "other-bodies.yaml:8 (key `power`): `my water bills` is also a phrase of `water`. Keep it in one of the two: a question goes to one body."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "message"), BAD, ids=[case[0] for case in BAD])
def test_a_mistake_is_told_with_its_place_and_its_remedy(kind: str, text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_council(write(tmp_path, {OWN: text}), "smallton")
    assert message in str(caught.value), str(caught.value)


@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_the_baseline_gives_no_number_that_is_not_certain(key: str) -> None:
    shipped = SHIPPED[key]
    assert shipped is not None
    assert shipped.phone is None or shipped.phone in CERTAIN
    assert shipped.checked is not None

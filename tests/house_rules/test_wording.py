"""Approved wording: all ten languages, a review status each, safe to say."""

import re
from pathlib import Path

import pytest

from guildhall.councils.loading import read_signposts, read_wordings
from guildhall.councils.yaml_files import YamlReader
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.signals import DISTRESS

WORDINGS = read_wordings(YamlReader(), Path("councils/_baseline"), Path("councils/none"))
SIGNPOSTS = read_signposts(YamlReader(), Path("councils/_baseline"), Path("councils/none"))
METHODS = re.compile(r"\b(overdose|hang yourself|bridge|tablets|pills|razor)\b", re.IGNORECASE)


@pytest.mark.parametrize("language", list(Language))
def test_every_crisis_wording_exists_in_every_language_with_a_status(language: str) -> None:
    for category in DISTRESS:
        for kind in ("crisis", "care"):
            assert WORDINGS.status(f"{kind}.{category}", language) in ("approved", "draft"), f"{kind}.{category} in {language}"


@pytest.mark.parametrize("language", list(Language))
def test_every_wording_exists_in_every_language(language: str) -> None:
    assert [wording for wording in WORDINGS.ids if WORDINGS.status(wording, language) == "missing"] == []


def test_crisis_wording_never_names_a_method() -> None:
    assert [w for w in WORDINGS.ids if w.startswith(("crisis.", "care.")) and METHODS.search(WORDINGS.say(w, "en"))] == []


@pytest.mark.parametrize("language", list(Language))
def test_emergency_numbers_survive_translation(language: str) -> None:
    for wording in sorted(WORDINGS.ids):
        english = set(re.findall(r"\b(?:999|111|105|159|116 123|0800 1111|0800 111 999)\b", WORDINGS.say(wording, "en")))
        translated = WORDINGS.say(wording, language)
        assert all(number in translated for number in english), f"{wording} in {language}"


def test_the_first_line_says_that_it_is_a_program() -> None:
    assert "automated" in WORDINGS.say("opening.greeting", "en").split(".")[0]


@pytest.mark.parametrize("name", sorted(SIGNPOSTS))
def test_a_signpost_shows_residents_no_note_of_ours(name: str) -> None:
    entry = SIGNPOSTS[name]
    shown = " ".join(filter(None, (entry.name, entry.for_, entry.phone, entry.text, entry.hours)))
    assert not re.search(r"\b(confirm|to be confirmed|tbc|todo|review)\b", shown, re.IGNORECASE)

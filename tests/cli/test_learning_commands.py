"""The commands that take released phrases back into the council's files."""

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from guildhall.bootstrap.identifiers import new_id
from guildhall.bootstrap.rights import open_rights
from guildhall.evaluation.lines import read_lines
from guildhall.settings import Settings
from guildhall.storage.phrases import PhraseStore, Proposed
from guildhall.storage.trail import TrailReader
from guildhall.vocabulary.phrases import PhraseKind
from guildhall.vocabulary.turns import Channel
from tests.cli.deployments import Run, command, deploy


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`guildhall …` over a deployment of its own, with four words and a question released."""
    deploy(tmp_path, monkeypatch)
    rights = open_rights(Settings())
    memory = rights.memory
    store = PhraseStore(memory.database, memory.keys, Settings().council, new_id)
    conversation, _ = memory.conversations.start(Channel.WEB, "en", memory.clock())
    given = [
        Proposed(PhraseKind.DIALECT, "zithering", "litter"),
        Proposed(PhraseKind.SYNONYM, "zettle", "sofa"),
        Proposed(PhraseKind.PLACE, "the zog", "Queen's Park"),
        Proposed(PhraseKind.DIALECT, "jitty", "alleyway"),  # which the file has already
        Proposed(PhraseKind.CASE, "who clears the zog", "", {"service": "litter", "lang": "en"}, conversation.id, "turn_1"),
    ]
    for proposed in given:
        store.release(store.propose(proposed, "ann", memory.clock()).id, "ben", memory.clock(), {})
    rights.close()
    return command


def test_released_words_are_written_as_the_file_has_them_and_known_ones_are_not(run: Run, tmp_path: Path) -> None:
    assert len(run("lexicon", "list").output.splitlines()) == 4
    run("lexicon", "export", "--into", str(tmp_path / "new.yaml"))
    found = YAML(typ="safe").load((tmp_path / "new.yaml").read_text("utf-8"))
    assert found == {
        "dialect": [{"say": "zithering", "means": "litter"}],
        "synonyms": [{"terms": ["sofa", "zettle"]}],
        "places": [{"say": "the zog", "means": "Queen's Park"}],
    }


def test_released_questions_are_lines_for_an_evaluation_and_taking_them_is_recorded(run: Run, tmp_path: Path) -> None:
    run("cases", "export", "--into", str(tmp_path / "cases.jsonl"), "--as", "Pat Reed")
    (line,) = read_lines([tmp_path / "cases.jsonl"])
    assert (line.text, line.service, line.lang) == ("who clears the zog", "litter", "en")
    rights = open_rights(Settings())
    (event,) = TrailReader(rights.memory.database).of_council("PersonalDataExported", None, 5)
    rights.close()
    assert (event.facts["by"], event.facts["what"]) == ("Pat Reed", "released questions")
    assert json.loads(run("lexicon", "list").output.splitlines()[0])["say"] == "zithering"

"""Every planted page can be read, tells its honest fact, and keeps nothing that no reader would see."""

from pathlib import Path

import pytest

from evals.redteam import lines
from evals.redteam.harms import plain
from evals.redteam.lines import Line
from evals.redteam.planting import plant
from guildhall.knowledge.readers.folder import read_folder

PLANTED = [line for line in lines.attacks() if line.page]


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder: Path = tmp_path_factory.mktemp("planted")
    plant(PLANTED, folder)
    reading = read_folder(folder)
    assert reading.problems == ()
    return {
        change.source.source.url.strip("/").partition(".")[0]: "\n".join(kept.passage.text for kept in change.passages)
        for change in reading.changes
    }


@pytest.mark.parametrize("line", PLANTED, ids=lambda line: line.id)
def test_a_planted_page_keeps_its_fact_and_nothing_unseen(line: Line, texts: dict[str, str]) -> None:
    assert line.page is not None
    assert line.page.fact in texts[line.id]
    if line.page.unseen:
        assert [word for word in line.never if plain(word) in plain(texts[line.id])] == []

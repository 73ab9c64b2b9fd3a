from pathlib import Path

import pytest

from tests.learning.house import Council


@pytest.fixture
def council(tmp_path: Path) -> Council:
    return Council(tmp_path / "gaps.sqlite3")

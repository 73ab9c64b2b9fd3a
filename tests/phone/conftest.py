from collections.abc import Iterator
from pathlib import Path

import pytest

from guildhall.bootstrap.house import Guildhall
from tests.phone.calling import open_house


@pytest.fixture
def guildhall(tmp_path: Path) -> Iterator[Guildhall]:
    opened = open_house(tmp_path)
    yield opened
    opened.close()


@pytest.fixture(params=["in process", "over http"])
def twin(request: pytest.FixtureRequest) -> str:
    return str(request.param)

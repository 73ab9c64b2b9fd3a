"""One desk for all tests that only read it."""

import pytest

from guildhall.bootstrap.assurance import Desk
from tests.assurance.desks import desk_of


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return desk_of(tmp_path_factory.mktemp("desk"))

"""One desk for all tests that only read it."""

from collections.abc import Iterator

import pytest

from guildhall.bootstrap.assurance import Desk
from tests.assurance.desks import CACHE, desk_of


@pytest.fixture(scope="session", autouse=True)
def yaml_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    CACHE["yaml"] = tmp_path_factory.mktemp("yaml")
    yield
    CACHE.clear()


@pytest.fixture(scope="session")
def desk(yaml_cache: None, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return desk_of(tmp_path_factory.mktemp("desk"))

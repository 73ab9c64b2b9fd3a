"""What holds for every test."""

from collections.abc import Iterator

import pytest

from tests.storage.where import close_databases


@pytest.fixture(autouse=True)
def databases_are_closed() -> Iterator[None]:
    """No test leaves a connection open."""
    yield
    close_databases()

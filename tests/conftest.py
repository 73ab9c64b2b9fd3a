"""What holds for every test."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.storage.where import close_databases

settings.register_profile("busy", deadline=None)
settings.load_profile("busy")
"""How long one example takes says nothing on a machine that does other things too."""


@pytest.fixture(autouse=True)
def databases_are_closed() -> Iterator[None]:
    """No test leaves a connection open."""
    yield
    close_databases()

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def models() -> Path:
    """Where the embedded model's graph is kept between test runs: making it takes seconds, finding it none."""
    return Path("var/models")

"""Deployments for tests."""

from pathlib import Path

import pytest

from tests.bootstrap.deployment import Deployment


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    return Deployment(tmp_path / "var")

"""A room looks the same everywhere: its `__init__` says what it owns, what it never does and where to start reading."""

from pathlib import Path

import pytest

PACKAGES = sorted(path.parent for path in Path("src/guildhall").glob("*/__init__.py"))
DOORS = {"bootstrap", "cli", "web"}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_a_package_says_what_it_is(package: Path) -> None:
    text = (package / "__init__.py").read_text("utf-8")
    assert text.startswith('"""'), package
    if package.name not in DOORS:
        assert "ever" in text, f"{package.name} does not say what it never does"
        assert "Start reading at `" in text, f"{package.name} does not say where to start reading"


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_the_file_to_start_reading_at_exists(package: Path) -> None:
    text = (package / "__init__.py").read_text("utf-8")
    if "Start reading at `" in text:
        name = text.split("Start reading at `")[1].split("`")[0]
        assert (package / name).exists(), name

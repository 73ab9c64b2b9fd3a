"""The map is the house: ARCHITECTURE.md names every folder, and draws the floors as `lint-imports` checks them."""

import re
import tomllib
from pathlib import Path

import pytest

PAGE = Path("ARCHITECTURE.md").read_text("utf-8")
SOURCE = Path("src/guildhall")
FOLDERS = sorted(path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists())


def drawn_floors() -> list[set[str]]:
    """The floors of the drawing under "Who may use whom", from the top."""
    drawing = PAGE.partition("## Who may use whom")[2].split("```")[1]
    return [{room.strip() for room in line.split("|")} for line in drawing.strip().splitlines()]


def checked_floors() -> list[set[str]]:
    """The floors of the contract in pyproject.toml."""
    contracts = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [{room.strip().removeprefix("guildhall.") for room in layer.split("|")} for layer in layers]


def test_the_floors_are_drawn_as_they_are_checked() -> None:
    assert drawn_floors() == checked_floors()


def test_every_folder_stands_on_a_floor() -> None:
    apart = {"witness"}  # a program of its own, with contracts of its own
    assert set(FOLDERS) - apart <= set().union(*checked_floors())


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_folder_is_on_the_map(folder: str) -> None:
    assert re.search(rf"^\| .*`(src/guildhall/)?{folder}/", PAGE, re.MULTILINE)


def test_every_place_to_start_reading_at_exists() -> None:
    rows = re.findall(r"^\| `(src/guildhall/[\w/]+/)`[^|]*\|[^|]*\| ([^|]*) \|$", PAGE, re.MULTILINE)
    assert len(rows) > 20
    assert [
        f"{folder}{name}" for folder, names in rows for name in re.findall(r"`([\w./]+)`", names) if not Path(folder, name).exists()
    ] == []

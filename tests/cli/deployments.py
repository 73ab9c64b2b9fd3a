"""Deployments for commands: each keeps everything in a folder of the test's own, whatever the environment says."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guildhall.cli import main

Run = Callable[..., Result]
OF_THE_HOUSE = {"DATABASE_URL": "", "KEYS_DATABASE_URL": "", "MASTER_KEY": "", "TODAY": "", "COUNCIL": "avonmere"}


def deploy(folder: Path, monkeypatch: pytest.MonkeyPatch, **more: object) -> None:
    """Let `guildhall` keep its data in `var/` of the folder. `more` are further settings, by their names without `GUILDHALL_`."""
    for name, value in {**OF_THE_HOUSE, "DATA_DIR": folder / "var", **more}.items():
        monkeypatch.setenv(f"GUILDHALL_{name}", str(value))


def command(*words: str, code: int = 0) -> Result:
    """What `guildhall …` did; it must end with that code."""
    result = CliRunner().invoke(main, list(words))
    assert result.exit_code == code, result.output
    return result

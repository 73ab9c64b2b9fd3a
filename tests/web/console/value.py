"""A console over made-up contacts, so that the pages of value have something to show."""

from datetime import timedelta
from pathlib import Path

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.value_taking import open_value_pages
from guildhall.testing.contacts import made_contacts
from guildhall.testing.house import WEDNESDAY_AT_TEN

FIRST = WEDNESDAY_AT_TEN.date() - timedelta(days=34)
DAYS = 35


def over_made_contacts(monkeypatch: pytest.MonkeyPatch, folder: Path, rows: int = 4000) -> None:
    """Every console opened from now on shows so many made-up contacts of the last 35 days."""
    if not folder.exists():
        made_contacts(folder, rows, DAYS, 3, first=FIRST)

    def opened(guildhall: Guildhall) -> object:
        return open_value_pages(guildhall, folder)

    monkeypatch.setattr("guildhall.bootstrap.console.open_value_pages", opened)

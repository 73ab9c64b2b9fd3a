"""Where time, ids and randomness come from when they are real."""

import os
import secrets
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from guildhall.records.sealing import KEY_BYTES, decode_master_key
from guildhall.settings import Settings

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no letters or digits that are mixed up when read aloud


def new_id(kind: str) -> str:
    """An unguessable id of 128 random bits, with its kind in front."""
    return f"{kind[:4]}_{secrets.token_urlsafe(16)}"


def new_secret() -> str:
    """A secret of 256 random bits."""
    return secrets.token_urlsafe(32)


def new_reference() -> str:
    """A reference a resident can read over the phone: eight letters and digits in two groups."""
    letters = [secrets.choice(ALPHABET) for _ in range(8)]
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"


class Clock:
    """The real clock, or one moved to another day for demonstrations (`GUILDHALL_TODAY`)."""

    def __init__(self, today: str = "") -> None:
        self._shift = timedelta()
        if today:
            moved = datetime.combine(date.fromisoformat(today), time(11, 0), UTC)
            self._shift = moved - datetime.now(UTC)

    def __call__(self) -> datetime:
        """Now, aware, in UTC."""
        return datetime.now(UTC) + self._shift


def master_key(settings: Settings) -> bytes:
    """The master key from the environment, or from a key file that is made on first use, readable by its owner only."""
    given = settings.master_key.get_secret_value()
    if given:
        return decode_master_key(given)
    return key_file(settings.data_dir / "keys" / "master.key")


def key_file(path: Path) -> bytes:
    """The 32 bytes of a key file, which is made on first use, readable by its owner only."""
    if not path.exists():
        _write_key(path)
    return path.read_bytes()


def _write_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
    try:
        os.link(draft, path)  # whoever links first wins; the other process uses that key
    except FileExistsError:
        pass
    finally:
        draft.unlink()

"""Other processes of this machine, as /proc tells of them."""

from contextlib import suppress
from pathlib import Path


def children(pid: int) -> list[int]:
    """The processes that it began itself; none when it is gone."""
    with suppress(FileNotFoundError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    return []


def command(pid: int) -> str:
    """Its command line; empty when it is gone."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_text("utf-8").replace("\0", " ")
    return ""

"""Where the shipped training lines lie, and the digest that tells whether weights are stale. Serving needs no more of them than this."""

import hashlib
from pathlib import Path

NINE = ("ar", "cs", "pa", "pl", "ps", "ro", "sk", "so", "ur")


def signal_files(baseline: Path, language: str) -> list[Path]:
    """The signal lines of a language, in name order."""
    return sorted((baseline / "training" / "signals" / language).glob("*.jsonl"))


def language_files(baseline: Path) -> list[Path]:
    """The language lines, unsupported languages last."""
    return [*sorted((baseline / "training" / "languages").glob("*.jsonl")), baseline / "detectors" / "other-languages.jsonl"]


def routing_files(baseline: Path) -> list[Path]:
    """The routing lines, in name order."""
    return sorted((baseline / "training" / "routing").glob("*.jsonl"))


def digest_of_files(paths: list[Path]) -> str:
    """SHA-256 over names and contents: what a card quotes."""
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()

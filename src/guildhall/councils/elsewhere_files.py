"""`other-bodies.yaml`: what other bodies do, the baseline's with the council's over it."""

from collections.abc import Iterable
from pathlib import Path

from guildhall.councils.config import ElsewhereEntry, ElsewhereFile
from guildhall.councils.yaml_files import YamlReader, line_of, parse
from guildhall.understanding.elsewhere import ElsewhereIndex, pattern_of
from guildhall.understanding.topics import TopicIndex
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.services import Elsewhere, Service

FILE = "other-bodies.yaml"


def read_elsewhere(reader: YamlReader, baseline: Path, folder: Path, services: Iterable[Service]) -> ElsewhereIndex:
    """The phrases of other bodies beside the names of the council's services. Raises ConfigurationError when two entries claim the same words."""
    entries: dict[str, tuple[ElsewhereEntry | None, Path]] = {}
    for path in (baseline / FILE, folder / FILE):
        if path.exists():
            entries.update({key: (entry, path) for key, entry in reader.read(path, ElsewhereFile).root.items()})
    kept = {key: (entry, path) for key, (entry, path) in entries.items() if entry is not None}
    claimed: dict[str, str] = {}
    for key, (entry, path) in kept.items():
        for phrase in (*entry.phrases, *entry.alone):
            owner = claimed.setdefault(pattern_of(phrase), key)
            if owner != key:
                raise ConfigurationError(
                    f"`{phrase}` is also a phrase of `{owner}`.",
                    file=path,
                    line=line_of(parse(path, path.read_bytes()), [key]),
                    key=key,
                    fix="Keep it in one of the two: a question goes to one body.",
                )
    return ElsewhereIndex([_elsewhere(key, entry) for key, (entry, _) in kept.items()], TopicIndex(tuple(services)))


def _elsewhere(key: str, entry: ElsewhereEntry) -> Elsewhere:
    return Elsewhere(key, entry.name, entry.body, entry.text, entry.url, entry.phone or "", entry.phrases, entry.alone)

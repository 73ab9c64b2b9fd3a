"""`value.yaml` of the baseline with the council's over it: every measure checked, and each mistake told in the file and on the line where it stands."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from guildhall.councils.profile import CouncilProfile
from guildhall.councils.yaml_files import YamlReader, line_of, parse
from guildhall.value.measures.book import MeasureBook, book_of
from guildhall.value.measures.conditions import Condition
from guildhall.value.measures.config import ValueFile
from guildhall.value.measures.mistakes import DefinitionError, listed
from guildhall.vocabulary.errors import ConfigurationError

NAME = "value.yaml"
SETTINGS = ("small_number", "gap_group_at_least", "unit_costs_old_after_months", "haircuts")


def read_value(reader: YamlReader, baseline: Path, folder: Path) -> MeasureBook:
    """The measures of both files, the council's instead of the baseline's where a name is the same. Raises ConfigurationError."""
    base, own = (reader.read(path / NAME, ValueFile) if (path / NAME).exists() else ValueFile() for path in (baseline, folder))
    settings = {name: getattr(own if name in own.model_fields_set else base, name) for name in SETTINGS}
    merged = ValueFile(
        counts=base.counts | own.counts, measures=base.measures | own.measures, unit_costs=base.unit_costs | own.unit_costs, **settings
    )
    try:
        return book_of(merged)
    except DefinitionError as error:
        raise told(error, baseline, folder) from None


def check_value(profile: CouncilProfile, folder: Path) -> None:
    """Raise ConfigurationError for a condition that names a service, ward or queue that the council does not have."""
    known: Mapping[str, Sequence[str]] = {
        "service": [str(key) for key in profile.services],
        "queue": list(profile.handoffs.queues),
        "ward": [*profile.places.wards, *profile.places.wards.values()],
    }
    places: list[tuple[tuple[str, ...], tuple[Condition, ...]]] = [
        (("counts", key, "where"), count.conditions) for key, count in profile.value.counts.items()
    ]
    for key, measure in profile.value.measures.items():
        places += [(("measures", key, "exclude", str(at), "where"), one.conditions) for at, one in enumerate(measure.exclusions)]
    for keys, conditions in places:
        for condition in conditions:
            for value in condition.values if condition.column in known else ():
                if value != "" and value not in known[condition.column]:
                    what = f"`{value}` is no {condition.column} of this council."
                    fix = f"The {condition.column}s are {listed(known[condition.column])}."
                    raise told(DefinitionError(what, fix, (*keys, condition.column)), folder.parent / "_baseline", folder)


def told(error: DefinitionError, baseline: Path, folder: Path) -> ConfigurationError:
    """The mistake in the file that has the entry, the council's own before the baseline's, with its line."""
    keys: list[Any] = [int(key) if key.isdigit() else key for key in error.keys]
    for path in (folder / NAME, baseline / NAME):
        if path.exists():
            data = parse(path, path.read_bytes())
            if not keys or (len(keys) > 1 and keys[1] in (data.get(keys[0]) or {})):
                return ConfigurationError(error.what, file=path, line=line_of(data, keys), key=".".join(error.keys), fix=error.fix)
    return ConfigurationError(error.what, file=folder / NAME, key=".".join(error.keys), fix=error.fix)

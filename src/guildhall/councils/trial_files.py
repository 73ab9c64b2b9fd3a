"""`trials.yaml` of a council: each mistake told in the file and on the line where it stands."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from guildhall.councils.yaml_files import YamlReader, line_of, parse
from guildhall.value.measures.book import MeasureBook
from guildhall.value.measures.mistakes import DefinitionError
from guildhall.value.trials.config import TrialsFile
from guildhall.value.trials.plan import TrialPlan, plans_of
from guildhall.vocabulary.errors import ConfigurationError

NAME = "trials.yaml"


def read_trials(reader: YamlReader, folder: Path, book: MeasureBook) -> Mapping[str, TrialPlan]:
    """The council's trials; none where it has no such file. Raises ConfigurationError."""
    path = folder / NAME
    if not path.exists():
        return {}
    try:
        return plans_of(reader.read(path, TrialsFile), book)
    except DefinitionError as error:
        keys: list[Any] = list(error.keys)
        line = line_of(parse(path, path.read_bytes()), keys)
        raise ConfigurationError(error.what, file=path, line=line, key=".".join(error.keys), fix=error.fix) from None

"""A mapping as a YAML file, so that the next import of the same kind of file repeats it."""

import io
from pathlib import PurePath

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from guildhall.value.baselines.mapping import ROLE_LABELS, Mapping, Role
from guildhall.vocabulary.errors import ConfigurationError


def written(mapping: Mapping) -> str:
    """A mapping as YAML, with what each column is said beside it."""
    yaml = YAML()
    yaml.width = 120
    from ruamel.yaml.comments import CommentedMap

    data = CommentedMap(mapping.model_dump(mode="json", exclude_defaults=True))
    columns = CommentedMap({role.value: mapping.columns[role] for role in Role if role in mapping.columns})
    for role in columns:
        columns.yaml_add_eol_comment(ROLE_LABELS[Role(role)][0], role)
    data["columns"] = columns
    out = io.StringIO()
    yaml.dump(data, out)
    return out.getvalue()


def read_mapping(text: str, file: PurePath | str) -> Mapping:
    """A mapping from YAML. Raises ConfigurationError with the line where YAML itself is wrong, else with the key."""
    yaml = YAML(typ="safe")
    try:
        data = yaml.load(text)
    except (MarkedYAMLError, YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        said = str(getattr(error, "problem", "") or "it is no YAML")
        raise ConfigurationError(f"the mapping cannot be read: {said}", file=str(file), line=mark.line + 1 if mark else None) from error
    if not isinstance(data, dict):
        raise ConfigurationError("a mapping has `kind` and `columns`", file=str(file), fix="Let `guildhall value baseline map` write one.")
    try:
        return Mapping.model_validate(data)
    except ValidationError as error:
        fault = error.errors()[0]
        key = ".".join(str(step) for step in fault["loc"])
        line = next(
            (number for number, each in enumerate(text.splitlines(), 1) if key and each.strip().startswith(f"{key.split('.')[-1]}:")), None
        )
        raise ConfigurationError(fault["msg"].removeprefix("Value error, "), file=str(file), line=line, key=key) from error

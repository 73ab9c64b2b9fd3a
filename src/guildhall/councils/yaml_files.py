"""One YAML file into one strict model, with the line of whatever is wrong.

YAML 1.2 (so that `no` stays a word), duplicate keys refused, no tags that run code. Reading is cached by content digest,
because the reader that knows line numbers is slow.
"""

import hashlib
import json
import os
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError

from guildhall.vocabulary.errors import ConfigurationError

Model = TypeVar("Model", bound=BaseModel)
MAX_BYTES = 4_000_000


class YamlReader:
    """Reads YAML files into models. `cache_dir` keeps parsed files between starts; None keeps nothing."""

    def __init__(self, cache_dir: Path | None = None) -> None:
        self.cache_dir = cache_dir

    def read(self, path: Path, model: type[Model]) -> Model:
        """The file as `model`. Raises ConfigurationError naming file, line and key."""
        data = self.plain(path)
        try:
            return model.model_validate_json(json.dumps(data, ensure_ascii=False))
        except ValidationError as error:
            raise explain(path, error) from error

    def plain(self, path: Path) -> Any:
        """The file as plain JSON data: dates as ISO text, keys as text."""
        try:
            text = path.read_bytes()
        except FileNotFoundError:
            raise ConfigurationError("the file is missing.", file=path, fix=f"Create {path.name}.") from None
        if len(text) > MAX_BYTES:
            raise ConfigurationError(f"the file is larger than {MAX_BYTES:,} bytes.", file=path, fix="Split it into several files.")
        kept = self.cache_dir / f"{hashlib.sha256(text).hexdigest()}.json" if self.cache_dir else None
        if kept and kept.exists():
            return json.loads(kept.read_text("utf-8"))
        data = as_plain(parse(path, text))
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            draft = kept.with_suffix(f".{os.getpid()}.part")  # several processes may read a council for the first time at once
            draft.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
            draft.replace(kept)
        return data


def parse(path: Path, text: bytes) -> Any:
    """Round-trip YAML data that remembers its line numbers."""
    reader = YAML(typ="rt", pure=True)
    reader.allow_duplicate_keys = False
    try:
        return reader.load(text.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ConfigurationError("the file is not UTF-8 text.", file=path, fix="Save it as UTF-8.") from error
    except DuplicateKeyError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        problem = str(error.problem or "a key is given twice").split(" with value")[0]
        raise ConfigurationError(f"{problem}.", file=path, line=line, fix="Keep one of the two.") from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise ConfigurationError(
            f"this is not valid YAML: {error.problem}.", file=path, line=line, fix="Check the indentation and quotes near this line."
        ) from error


def as_plain(data: Any) -> Any:
    """Round-trip data as JSON data."""
    if isinstance(data, dict):
        return {key.isoformat() if isinstance(key, date) else str(key): as_plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [as_plain(value) for value in data]
    if isinstance(data, datetime | date | time):
        return data.isoformat()
    if isinstance(data, bool) or data is None:
        return data
    if isinstance(data, int):
        return int(data)
    if isinstance(data, float):
        return float(data)
    return str(data)


def explain(path: Path, error: ValidationError) -> ConfigurationError:
    """The first problem of a validation error, with the line it stands on."""
    problem = min(error.errors(), key=lambda item: item["type"] == "missing")
    keys = [part for part in problem["loc"] if not _is_model_name(part)]
    line = line_of(parse(path, path.read_bytes()), keys)
    key = ".".join(str(part) for part in keys)
    what, fix = _in_words(problem)
    return ConfigurationError(what, file=path, line=line, key=key, fix=fix)


def line_of(data: Any, keys: list[Any]) -> int | None:
    """The 1-based line where the value at `keys` stands, or the nearest one that exists."""
    line: int | None = None
    for key in keys:
        try:
            marks: Any = data.lc
            line = (marks.key(key) if isinstance(data, dict) else marks.item(key))[0] + 1
            data = data[key]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    if line is None and hasattr(data, "lc"):
        line = data.lc.line + 1
    return line


def _is_model_name(part: Any) -> bool:
    return isinstance(part, str) and part.startswith(("function-", "is-instance", "literal["))


def _in_words(problem: Any) -> tuple[str, str]:
    kind, context = problem["type"], problem.get("ctx") or {}
    if kind == "extra_forbidden":
        return "this key is not known.", "Remove it, or check its spelling."
    if kind == "missing":
        return "a needed key is missing.", f"Add `{problem['loc'][-1]}`."
    if kind in ("enum", "literal_error"):
        return f"`{problem.get('input')}` is not one of the values allowed.", f"Use {context.get('expected', 'one of the listed values')}."
    if kind == "value_error":
        return f"{context.get('error', problem['msg'])}.", ""
    return f"{problem['msg'][0].lower()}{problem['msg'][1:]}, but found `{_short(problem.get('input'))}`.", ""


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."

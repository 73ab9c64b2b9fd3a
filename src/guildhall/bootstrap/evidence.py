"""Looks up whether a source that a paper names is really there: files and keys, names in code, tests, rules, settings, routes, commands.

Code, routes and commands are read as text, so that a paper can be drafted without opening a model or a server.
"""

import ast
import importlib.metadata
import json
import re
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import guildhall
from guildhall.assurance.facts import Source, SourceKind
from guildhall.assurance.tables import at_path
from guildhall.councils.yaml_files import YamlReader
from guildhall.policy.packs import Pack
from guildhall.settings import Settings
from guildhall.storage.figures import QUERIES
from guildhall.vocabulary.errors import GuildhallError
from guildhall.vocabulary.events import EventKind

PACKAGE = Path(guildhall.__file__).parent
ROUTE = re.compile(r"""@\w+\.(?:get|post|put|delete|api_route)\(\s*["']([^"']+)["']""")
PREFIX = re.compile(r"""\bAPIRouter\(prefix=["']([^"']+)["']""")
RESULTS = "evals/results.json"


class Evidence:
    """Where sources are looked up: the councils' folder, the code that runs, and the repository around them."""

    def __init__(self, settings: Settings, pack: Pack) -> None:
        self._settings, self._pack = settings, pack
        self._reader = YamlReader(settings.data_dir / "cache" / "yaml")

    def path(self, ref: str) -> Path:
        """The file or folder a reference means. Councils stand where the settings say, code where it runs from."""
        first, _, rest = ref.partition("/")
        if first == "councils":
            return self._settings.councils_dir / rest
        if ref.startswith("src/guildhall/"):
            return PACKAGE / ref.removeprefix("src/guildhall/")
        beside = self._settings.councils_dir.resolve().parent / ref
        return beside if beside.exists() else PACKAGE.parents[1] / ref

    def resolves(self, source: Source) -> bool:
        """Whether it is there."""
        match source.kind:
            case SourceKind.FILE | SourceKind.ANSWER:
                return self._in_file(source.ref)
            case SourceKind.CODE:
                name, _, key = source.ref.partition("#")
                return self.path(name).exists() and (not key or key in _names(self.path(name)))
            case SourceKind.TEST:
                name, _, test = source.ref.partition("::")
                return self.path(name).exists() and (not test or test in _names(self.path(name)))
            case SourceKind.RULE:
                rule_id, _, version = source.ref.partition("@")
                rule = self._pack.rule(rule_id)
                return rule is not None and rule.status == "enforced" and version in ("", str(rule.version))
            case SourceKind.PACK:
                return source.ref == self._pack.id
            case SourceKind.RESULT:
                return at_path(self.results, source.ref) is not None
            case SourceKind.SETTING:
                return source.ref.removeprefix("GUILDHALL_").lower() in Settings.model_fields
            case SourceKind.RECORD:
                return source.ref in QUERIES
            case SourceKind.ROUTE:
                return source.ref in self.routes
            case SourceKind.COMMAND:
                return source.ref.split()[0] in _commands()
            case SourceKind.EVENT:
                return source.ref in set(EventKind)
            case SourceKind.PACKAGE:
                name, _, version = source.ref.partition("@")
                return package_version(name) == version

    @cached_property
    def results(self) -> dict[str, Any] | None:
        """The measures of the last evaluation run, or None where there are none."""
        path = self.path(RESULTS)
        found: dict[str, Any] | None = json.loads(path.read_text("utf-8")) if path.exists() else None
        return found

    @cached_property
    def routes(self) -> frozenset[str]:
        """Every path that the web's code declares, with and without the prefixes of its folder."""
        found: set[str] = set()
        for folder in [PACKAGE / "web", *(path for path in (PACKAGE / "web").rglob("*") if path.is_dir())]:
            texts = [path.read_text("utf-8") for path in sorted(folder.glob("*.py"))]
            routes = {route for text in texts for route in ROUTE.findall(text)}
            prefixes = {prefix for text in texts for prefix in PREFIX.findall(text)}
            found |= routes | {f"{prefix}{route}" for prefix in prefixes for route in routes}
        return frozenset(found)

    def value(self, ref: str) -> Any:
        """What stands at a key of a YAML or JSON file: `file#a/b`. None where nothing does."""
        name, _, key = ref.partition("#")
        path = self.path(name)
        if not path.is_file() or path.suffix not in (".yaml", ".json"):
            return None
        try:
            data = json.loads(path.read_text("utf-8")) if path.suffix == ".json" else self._reader.plain(path)
        except (GuildhallError, ValueError):
            return None
        return at_path(data, key) if key else data

    def constant(self, ref: str) -> Any:
        """What a name at the top of a Python file is set to, where that is written out: `file#NAME`. None where it is not."""
        name, _, key = ref.partition("#")
        path = self.path(name)
        for node in ast.parse(path.read_text("utf-8")).body if path.exists() else ():
            if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == key for t in node.targets):
                return ast.literal_eval(node.value)
        return None

    def _in_file(self, ref: str) -> bool:
        name, _, key = ref.partition("#")
        return self.value(ref) is not None if key else self.path(name).exists()


def package_version(name: str) -> str:
    """The version of an installed package; empty when it is not installed."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


@lru_cache(maxsize=256)
def _names(path: Path) -> frozenset[str]:
    """Functions, classes and names set at the top of a Python file, and methods of its classes."""
    names: set[str] = set()
    tree = ast.parse(path.read_text("utf-8")) if path.suffix == ".py" else ast.Module(body=[], type_ignores=[])
    for node in [*tree.body, *(inner for outer in tree.body if isinstance(outer, ast.ClassDef) for inner in outer.body)]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return frozenset(names)


def tests_in(path: Path) -> tuple[str, ...]:
    """The tests of a file, in order."""
    if not path.exists():
        return ()
    return tuple(n.name for n in ast.parse(path.read_text("utf-8")).body if isinstance(n, ast.FunctionDef) and n.name.startswith("test_"))


@lru_cache(maxsize=1)
def _commands() -> frozenset[str]:
    for node in ast.parse((PACKAGE / "cli" / "__init__.py").read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "COMMANDS":
            return frozenset(ast.literal_eval(node.value))
    return frozenset()

"""The docs are true: every command they show exists and runs, every link leads somewhere, and the reference leaves nothing out."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from pydantic import BaseModel

from guildhall.cli import main
from guildhall.policy import config
from script.reference_pages import RULES, pages
from tests.providers.embeddings.servers import embeddings_server

PAGES = [Path(name) for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "evals/README.md")]
PAGES += [*sorted(Path("docs").rglob("*.md")), *sorted(Path("benchmarks").rglob("README.md"))]
FENCED = re.compile(r"^```\w*\n(.*?)^```", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"(?<!`)`(guildhall [a-z][^`\n]*)`")
COMMAND = re.compile(r"^(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?guildhall (?P<words>.*)$", re.MULTILINE)
LINK = re.compile(r"\]\(([^()\s]+)\)")
REHEARSED = (
    "callbacks",
    "council check",
    "council schemas",
    "knowledge add",
    "knowledge list",
    "staff add",
    "staff link",
    "staff list",
    "staff grant",
    "staff withdraw",
    "staff keep-out",
    "staff let-in",
)
"""The commands that are quick on a machine with no models, and touch nothing outside the councils' and the data folder."""


def shown(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Each command in the fenced blocks of a page, and its words after `guildhall`."""
    for block in FENCED.findall(page.read_text("utf-8")):
        for match in COMMAND.finditer(block):
            yield match[0], shlex.split(match["words"], comments=True)


def found(words: list[str]) -> tuple[click.Context, list[str]]:
    """The command that words lead to, and the words that are left for it. Raises UsageError when there is none."""
    context = click.Context(main, info_name="guildhall")
    while isinstance(context.command, click.Group):
        name, command, words = context.command.resolve_command(context, words)
        assert command is not None
        context = click.Context(command, parent=context, info_name=name)
    return context, words


def check(words: list[str], complete: bool) -> None:
    """Raise UsageError when the words name no command or an option that it lacks, or, if they are complete, leave out an argument."""
    context, rest = found(words)
    given, left, _ = context.command.make_parser(context).parse_args(args=rest)
    if left:
        raise click.UsageError(f"`{context.command_path}` does not take {' '.join(left)}")
    for parameter in context.command.params:
        value = given.get(parameter.name or "")  # what is not given is a marker of click's own
        if complete and parameter.required and not (isinstance(value, str | tuple | list) and value):
            raise click.UsageError(f"`{context.command_path}` needs {parameter.name}")


EXAMPLES = [pytest.param(words, id=f"{page}: {line}") for page in PAGES for line, words in shown(page)]


def test_the_readme_and_the_how_tos_show_commands() -> None:
    assert len(EXAMPLES) >= 6


@pytest.mark.parametrize("words", EXAMPLES)
def test_a_command_in_a_block_is_a_real_one_with_real_options(words: list[str]) -> None:
    check(words, complete=True)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_command_in_running_text_is_a_real_one_with_real_options(page: Path) -> None:
    for line in INLINE.findall(page.read_text("utf-8")):
        words = shlex.split(line)[1:]
        context = click.Context(main)
        command = main.get_command(context, words[0])
        if len(words) == 1 and isinstance(command, click.Group):
            continue  # a group may be named alone
        check(words, complete=False)


@pytest.mark.parametrize(
    "words", [["asks", "x"], ["ask"], ["ask", "x", "--jsno"], ["council", "chekc", "x"], ["callbacks", "x"], ["knowledge", "add"]]
)
def test_a_command_that_does_not_exist_is_found_out(words: list[str]) -> None:
    with pytest.raises(click.UsageError):
        check(words, complete=True)


@pytest.fixture
def rehearsal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to run commands in: the baseline, pages at the place the how-to names, and an embeddings server on loopback."""
    baseline = Path("councils/_baseline").resolve()
    (tmp_path / "councils").mkdir()
    (tmp_path / "councils" / "_baseline").symlink_to(baseline)
    pages_folder = tmp_path / "path" / "to" / "pages"
    pages_folder.mkdir(parents=True)
    (pages_folder / "tip.md").write_text("---\ntitle: The tip\nurl: /tip\n---\n\nThe tip opens at 8am every day.\n", "utf-8")
    with embeddings_server() as (_, url):
        given = {
            "COUNCILS_DIR": tmp_path / "councils",
            "DATA_DIR": tmp_path / "var",
            "DATABASE_URL": "",
            "MASTER_KEY": "",
            "COUNCIL": "newtown",
        }
        given |= {"EMBEDDINGS_KIND": "openai", "EMBEDDINGS_URL": url, "EMBEDDINGS_NAME": "fake"}
        for name, value in given.items():
            monkeypatch.setenv(f"GUILDHALL_{name}", str(value))
        monkeypatch.chdir(tmp_path)
        yield tmp_path


def test_the_how_to_for_a_new_council_runs_as_written(rehearsal: Path, request: pytest.FixtureRequest) -> None:
    _rehearse(request.config.rootpath / "docs/howto/run-your-own-council.md")
    assert (rehearsal / "councils/newtown/council.yaml").exists()


@pytest.mark.parametrize("page", ["README.md", "docs/howto/change-a-rule.md", "docs/howto/use-a-model.md", "docs/howto/console.md"])
def test_the_quick_commands_of_other_pages_run(page: str, rehearsal: Path, request: pytest.FixtureRequest) -> None:
    _rehearse(request.config.rootpath / page)


def _rehearse(page: Path) -> None:
    for line, words in shown(page):
        path = found(words)[0].command_path.removeprefix("guildhall ")
        if path in REHEARSED:
            result = CliRunner().invoke(main, words)
            assert result.exit_code == 0, f"{line}\n{result.output}"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_in_the_docs_leads_to_a_file(page: Path) -> None:
    text = FENCED.sub("", page.read_text("utf-8"))
    targets = [target.partition("#")[0] for target in LINK.findall(text) if not re.match(r"[a-z]+:", target)]
    assert [target for target in targets if target and not (page.parent / target).exists()] == []


@pytest.mark.parametrize("name", ["settings.md", "commands.md", "rules.md", "council-files.md"])
def test_the_reference_is_what_the_code_says(name: str) -> None:
    kept = Path("docs/reference", name).read_text("utf-8")
    assert kept == pages()[name], f"docs/reference/{name} is out of date: run script/reference"


def test_the_reference_has_every_part_of_a_rule() -> None:
    parts = [
        value
        for value in vars(config).values()
        if isinstance(value, type) and issubclass(value, BaseModel) and value.__module__ == config.__name__
    ]
    assert [part.__name__ for part in parts if part.model_fields and part not in RULES] == []

"""`guildhall cases`: the council's own questions, those in its folder and those that two people released, and whether each comes true."""

import json
from pathlib import Path
from typing import Any

import click

from guildhall.cli.gaps import bar
from guildhall.cli.looking import as_option, looker, purpose_option
from guildhall.cli.opening import council_option, explains_errors, open_for


@click.group()
def cases() -> None:
    """The council's own questions, each with what should come of it."""


@cases.command()
@council_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a question.")
@explains_errors
def run(council: str, as_json: bool) -> None:
    """Ask every one of the council's own questions, and say which did not come true. The exit code is 1 when one did not."""
    from guildhall.bootstrap.learning import open_learning
    from guildhall.bootstrap.learning_work import own_lines, run_cases

    guildhall = open_for(council)
    try:
        learning = open_learning(guildhall)
        with bar("Asking", as_json) as progress:
            judged = run_cases(learning, own_lines(learning), progress)
    finally:
        guildhall.close()
    for one in judged:
        if as_json:
            click.echo(json.dumps({"id": one.id, "passed": one.passed, "wrong": list(one.wrong)}, ensure_ascii=False))
        elif not one.passed:
            click.echo(f"{one.id}: {'; '.join(one.wrong)}")
    passed = sum(one.passed for one in judged)
    if not judged:
        click.echo(
            "This council has no questions of its own yet: put some into its `evals` folder, or release one on the console.", err=True
        )
    elif not as_json:
        click.echo(f"{passed} of {len(judged)} questions came to what they should.")
    if passed < len(judged):
        raise SystemExit(1)


@cases.command()
@click.option("--into", type=click.Path(dir_okay=False, path_type=Path), help="File to write; the standard output when left out.")
@as_option
@purpose_option("evaluating the service")
@council_option
@explains_errors
def export(into: Path | None, who: str, purpose: str, council: str) -> None:
    """Write the released questions as lines for `guildhall evaluate`. That you took a copy is recorded: they are residents' own words."""
    from guildhall.bootstrap.identifiers import new_id
    from guildhall.bootstrap.rights import open_rights
    from guildhall.settings import Settings
    from guildhall.storage.phrases import PhraseStore

    settings = Settings()
    rights = open_rights(settings, council)
    memory = rights.memory
    released = PhraseStore(memory.database, memory.keys, council or settings.council, new_id).released(case=True)
    if conversations := {phrase.conversation_id for phrase in released if phrase.conversation_id}:
        rights.views.note(looker(who, purpose), "released questions", conversations, exported=True)
    lines: list[dict[str, Any]] = [{"id": phrase.id, "text": phrase.text, **phrase.expected} for phrase in released]
    written = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    rights.close()
    if into:
        into.write_text(written, "utf-8")
        click.echo(f"{len(lines)} {'question' if len(lines) == 1 else 'questions'} written to {into}.", err=True)
    else:
        click.echo(written, nl=False)

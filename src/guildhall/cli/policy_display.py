"""How the commands of `guildhall policy` show gates and pages."""

from collections.abc import Iterable

import click

from guildhall.vocabulary.gates import GATE_LABELS, GateResult


def echo_lines(lines: Iterable[str]) -> None:
    """Line by line, headings in bold."""
    for line in lines:
        click.secho(line, bold=line.isupper())


def echo_gate(result: GateResult) -> None:
    """What a gate found, with the messages that show it when it refuses."""
    label = GATE_LABELS[result.gate][0]
    click.secho(f"{'passed ' if result.passed else 'REFUSED'}  {label}: {result.reason}", fg=None if result.passed else "red")
    for item in () if result.passed else result.counterexamples[:5]:
        message = f" For example: “{item.message}”" if item.message else ""
        click.echo(f"         {item.sentence}{message}")


def say_opening() -> None:
    """Said before the detectors are opened, which takes a few seconds."""
    click.echo("Opening the detectors…", err=True)

"""`guildhall phone check`: what the phone has and what it lacks."""

import json
import sys

import click

from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings

SIGNS = {"good": ("✓", "green"), "note": ("·", "yellow"), "wrong": ("✗", "red")}


@click.command()
@council_option
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@explains_errors
def check(council: str, as_json: bool) -> None:
    """Say what the phone has on this machine, what is missing, and what to do about it. Fails when calls would not be answered."""
    from dataclasses import asdict

    from guildhall.bootstrap.phone_checking import State, check_phone

    findings = check_phone(Settings(), council)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    wide = 2 + max(len(finding.what) for finding in findings)
    for finding in () if as_json else findings:
        sign, colour = SIGNS[finding.state.value]
        click.echo(f"{click.style(sign, fg=colour)} {finding.what:{wide}}{finding.found}")
        if finding.fix:
            click.echo(f"  {'':{wide}}{finding.fix}")
    sys.exit(any(finding.state == State.WRONG for finding in findings))

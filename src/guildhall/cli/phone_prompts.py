"""`guildhall phone languages` and `guildhall phone prompts`: how each language is offered, what to record, and whether recordings are right."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings
from guildhall.vocabulary.languages import Language

if TYPE_CHECKING:
    from guildhall.councils.profile import CouncilProfile

HOW = {"open": "any words", "directed": "words and keys", "keys": "keys", "greeted": "greeted", "person": "a person"}
LANGUAGE = click.Choice([language.value for language in Language])


@click.command()
@council_option
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@explains_errors
def languages(council: str, as_json: bool) -> None:
    """Say how each language of the phone is offered, with the services, voices and recordings that are there, and why."""
    from dataclasses import asdict

    from guildhall.bootstrap.phone_offers import offered_here
    from guildhall.providers.speech.espeak import PROGRAM, WHAT_TO_INSTALL, installed

    settings = Settings()
    found = offered_here(settings, _profile(settings, council)).languages
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        click.echo(f"{one.language}  {HOW[one.offer.value]:16}{one.why}")
    if installed(PROGRAM) is None:
        click.echo(WHAT_TO_INSTALL, err=True)


@click.group()
def prompts() -> None:
    """Recorded wording: what to record, and whether the recordings are right."""


@prompts.command("list")
@click.argument("language", type=LANGUAGE)
@council_option
@explains_errors
def list_(language: str, council: str) -> None:
    """Print the recording script of LANGUAGE as CSV: which file says what. Save it as script.csv beside the recordings."""
    from guildhall.bootstrap.phone_prompts import fixed_wording
    from guildhall.providers.speech.prompt_pack import script_of

    wording = fixed_wording(_profile(Settings(), council), language)
    if not wording:
        raise click.ClickException(f"nothing is worded in `{language}`: give it a file wording/{language}.yaml first.")
    click.echo(script_of(wording), nl=False)


@prompts.command("check")
@click.argument("language", type=LANGUAGE, required=False)
@council_option
@explains_errors
def check_prompts(language: str | None, council: str) -> None:
    """Look at every recording: what is missing, what cannot be played, what says the wording of another time. Fails when anything is not right."""
    from guildhall.bootstrap.phone_prompts import FOLDER, packs_of

    settings = Settings()
    profile = _profile(settings, council)
    packs = packs_of(profile, settings.councils_dir, tuple(Language))
    folder = Path(settings.councils_dir) / profile.slug / FOLDER
    if not packs or (language and language not in packs):
        raise click.ClickException(f"{folder / (language or '')}: there are no recordings. Begin with `guildhall phone prompts list`.")
    wrong = False
    for code, pack in packs.items():
        if language in (None, code):
            wrong |= not pack.complete
            click.echo(f"{code}: {len(pack.sounds)} recorded, {len(pack.missing)} missing, {len(pack.problems)} not right")
            for problem in pack.problems:
                click.echo(f"  {problem}")
            for line in pack.missing:
                click.echo(f"  {line.file}: missing. Record “{line.text}”.")
    sys.exit(wrong)


def _profile(settings: Settings, council: str) -> "CouncilProfile":
    from guildhall.councils.loading import load_council

    return load_council(settings.councils_dir, council or settings.council, settings.data_dir / "cache" / "yaml")

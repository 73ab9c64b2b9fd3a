"""`guildhall phone prompts`: what a council has to record for a language that no voice speaks."""

import click

from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings


@click.group()
def prompts() -> None:
    """Record what the phone says, in the voice of a person."""


@prompts.command("list")
@click.argument("language")
@council_option
@explains_errors
def list_(language: str, council: str) -> None:
    """Print every sentence to record in LANGUAGE, and the file each goes into: the script.csv to keep beside the recordings."""
    from guildhall.bootstrap.phone_prompts import fixed_wording
    from guildhall.councils.loading import load_council
    from guildhall.providers.speech.prompt_pack import script_of
    from guildhall.vocabulary.errors import GuildhallError

    settings = Settings()
    profile = load_council(settings.councils_dir, council or settings.council, settings.data_dir / "cache" / "yaml")
    wording = fixed_wording(profile, language)
    if not wording:
        known = ", ".join(code.value for code in profile.council.languages)
        raise GuildhallError(f"nothing is worded in `{language}`. Give one of the council's languages that has wording: {known}.")
    click.echo(script_of(wording), nl=False)

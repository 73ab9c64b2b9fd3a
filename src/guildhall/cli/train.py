"""`guildhall train`: rebuild what is learned from the shipped training lines."""

from datetime import UTC, datetime
from pathlib import Path

import click

from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings


@click.group()
def train() -> None:
    """Rebuild the learned weights. Signals and languages are committed with their cards; services are learned by each council."""


def _baseline(settings: Settings) -> Path:
    return settings.councils_dir / "_baseline"


@train.command()
@explains_errors
def languages() -> None:
    """Learn to tell the ten languages apart, and write `languages.npz` with its card."""
    from guildhall.bootstrap.knowledge import say_to_terminal
    from guildhall.bootstrap.training import train_languages

    click.echo(train_languages(_baseline(Settings()), datetime.now(UTC).date(), say_to_terminal))


@train.command()
@click.option("--keep-encoders", is_flag=True, help="Keep the weights and set only the thresholds again. Needs no PyTorch.")
@explains_errors
def signals(keep_encoders: bool) -> None:
    """Learn the signals of distress, hazards and requests for a person, and write weights and cards.

    Tunes both encoders too, which needs PyTorch and about an hour on two cores."""
    from guildhall.bootstrap.knowledge import say_to_terminal
    from guildhall.bootstrap.training import train_signals
    from guildhall.bootstrap.understanding import open_readers

    settings = Settings()
    today = datetime.now(UTC).date()
    for path in train_signals(_baseline(settings), lambda: open_readers(settings), today, say_to_terminal, keep_encoders):
        click.echo(path)


@train.command()
@council_option
@explains_errors
def services(council: str) -> None:
    """Learn which services questions are about, for one council, and show what the bound on misdirection costs."""
    from guildhall.bootstrap.knowledge import open_embedder, say_to_terminal
    from guildhall.bootstrap.understanding import open_understander
    from guildhall.councils.loading import load_council

    settings = Settings()
    slug = council or settings.council
    profile = load_council(settings.councils_dir, slug, settings.data_dir / "cache" / "yaml")
    opened = open_understander(
        settings,
        open_embedder(settings),
        tuple(profile.services.values()),
        slug,
        profile.council.misdirection,
        say_to_terminal,
    )
    found = opened.calibration
    click.echo(f"Right service first: {found.accuracy:.1%} of {found.asked} questions (lines kept for calibrating).")
    click.echo(f"Answered without asking back: {found.coverage:.1%}, from confidence {found.answer_at:.3f}.")
    click.echo(
        f"Sent to a wrong service: {found.wrong} of {found.answered}; at most {found.upper:.2%} with "
        f"{found.certainty:.0%} certainty (bound {found.at_most:.0%})."
    )

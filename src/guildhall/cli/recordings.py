"""`guildhall recordings`: which calls were recorded, and one of them to listen to."""

import json
from pathlib import Path

import click

from guildhall.cli.knowledge_display import show_table
from guildhall.cli.looking import as_option, looker
from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings


@click.group()
def recordings() -> None:
    """Recordings of calls. They are sealed, and deleted by the council's retention.yaml."""


@recordings.command("list")
@council_option
@click.option("--conversation", default="", help="Only those of this conversation.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@explains_errors
def list_them(council: str, conversation: str, as_json: bool) -> None:
    """List the recordings, the newest first. No sound, no words and no numbers are shown."""
    from guildhall.bootstrap.recordings import open_recordings

    kept = open_recordings(Settings(), council).all(conversation)
    rows = [(one.head.recording, one.head.conversation, f"{one.head.began_at:%Y-%m-%d %H:%M}", f"{one.seconds:.0f}") for one in kept]
    if as_json:
        names = ("recording", "conversation", "began_at", "seconds")
        click.echo(json.dumps([dict(zip(names, row, strict=True)) for row in rows], indent=2))
    elif rows:
        show_table(("Recording", "Conversation", "Began (UTC)", "Seconds"), rows)
    else:
        click.echo("No call is recorded.")


@recordings.command()
@council_option
@click.argument("recording")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@as_option
@click.option("--purpose", required=True, help="What you listen to it for, as it will stand in the record.")
@explains_errors
def export(council: str, recording: str, file: Path, who: str, purpose: str) -> None:
    """Write a recording as a wav FILE: the caller on the left, the council on the right. That you take it stands in the record first."""
    from guildhall.bootstrap.recordings import open_recordings

    sound = open_recordings(Settings(), council).listen(looker(who, purpose), recording, takes_away=True)
    file.touch(mode=0o600)
    file.write_bytes(sound)
    click.echo(f"Written: {file}. Delete it when its purpose is served: no schedule reaches it there.")

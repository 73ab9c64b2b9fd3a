"""`guildhall phone try`: a call without a telephone, to read and to listen to."""

import asyncio
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guildhall.cli.opening import council_option, explains_errors, open_for
from guildhall.settings import Settings

if TYPE_CHECKING:
    from guildhall.bootstrap.phone_transcript import Line
    from guildhall.bootstrap.phone_trying import CallerFile

KEYS = re.compile(r"[0-9*#]+")
STYLES = {"caller": "bold cyan", "assistant": "green", "call": "dim"}


@click.command(name="try")
@click.argument("words", nargs=-1)
@click.option("--keys", default="", help="Keys that the caller presses, one after another, each when what was said to them has ended.")
@click.option(
    "--wav", "wavs", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A recording that the caller says."
)
@click.option("--script", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A YAML file with the caller's steps.")
@click.option("--adviser", type=click.Choice(["connected", "busy", "no_answer"]), default="connected", help="What becomes of a transfer.")
@click.option(
    "--listen", is_flag=True, help="Let the deployment's own speech recognition hear the caller, rather than be told their words."
)
@click.option("--pace", type=click.FloatRange(0, 4), default=0.0, help="1 is real time, 0 as fast as it goes.")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=None, help="Where recording and transcript are written."
)
@council_option
@explains_errors
def try_(
    words: tuple[str, ...],
    keys: str,
    wavs: tuple[Path, ...],
    script: Path | None,
    adviser: str,
    listen: bool,
    pace: float,
    folder: Path | None,
    council: str,
) -> None:
    """Play a caller who says WORDS, in this process, and write a recording and a transcript.

    Each of the WORDS is said when what was said to the caller has ended; one that is made of keys alone, such as 1 or 0, is pressed.
    """
    from rich.console import Console

    from guildhall.bootstrap.phone_trying import script_of, try_call
    from guildhall.bootstrap.phone_wiring import open_phone_here

    console = Console(highlight=False, soft_wrap=True)
    caller, base = _caller(words, keys, wavs, script, adviser)
    told = not listen and not any(step.wav for step in caller.steps)
    played = script_of(caller, base, told)  # before anything slow: a recording that cannot be read is said at once
    settings = Settings()
    with console.status("Opening the house…"):
        guildhall = open_for(council)
    try:
        into = folder or settings.data_dir / "phone" / "tries" / datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")

        async def play() -> None:
            async with open_phone_here(guildhall, told) as phone:
                tried = await try_call(phone, played, into, lambda line: _show(console, line), pace, told)
            console.print()
            for address in tried.transferred_to:
                console.print(f"Rung: {address}")
            console.print(f"{tried.seconds:.0f} seconds of call. To listen to: {tried.recording} (left the caller, right the assistant).")
            console.print(f"To read: {tried.files[1]}, and {tried.files[0]} for programs.")

        asyncio.run(play())
    finally:
        guildhall.close()


def _caller(words: tuple[str, ...], keys: str, wavs: tuple[Path, ...], script: Path | None, adviser: str) -> "tuple[CallerFile, Path]":
    from guildhall.bootstrap.phone_trying import CallerFile, Step
    from guildhall.councils.yaml_files import YamlReader

    if script is not None:
        if words or keys or wavs:
            raise click.UsageError("give either a --script or words, --keys and --wav, not both")
        return YamlReader().read(script, CallerFile), script.parent
    steps = [Step(keys=word) if KEYS.fullmatch(word) else Step(say=word) for word in words]
    steps += [Step(wav=str(wav.resolve())) for wav in wavs]
    steps += [Step(keys=key) for key in keys]
    if not steps:
        raise click.UsageError('say what the caller does: words such as "When is my bin collected?", --keys, --wav or --script')
    return CallerFile(steps=tuple(steps), advisers=(adviser,) * 9), Path.cwd()


def _show(console: "object", line: "Line") -> None:
    from rich.console import Console
    from rich.text import Text

    assert isinstance(console, Console)
    style = STYLES.get(line.who, "")
    console.print(Text.assemble((f"{line.at:6.1f}  ", "dim"), (f"{line.who:10}", style), (line.text, "" if line.who != "call" else "dim")))

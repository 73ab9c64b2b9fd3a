"""`guildhall switch`: turn automatic answers off and on again, see what is off, and drill it."""

import json
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import click

from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings
from guildhall.vocabulary.switches import Switch, SwitchKind, SwitchTurn

kind_argument = click.argument("kind", type=click.Choice([kind.value for kind in SwitchKind]))
reason_option = click.option("--reason", required=True, help="Why, in a sentence others will understand later.")
by_option = click.option("--as", "by", required=True, help="Your name; it goes into the record.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


@click.group()
def switch() -> None:
    """Turn automatic answers off and on. Residents then get a person; distress is always heard."""


@switch.command()
@kind_argument
@click.argument("target")
@reason_option
@by_option
@council_option
@explains_errors
def off(kind: str, target: str, reason: str, by: str, council: str) -> None:
    """Turn TARGET of a KIND off, in every running server, within seconds."""
    from guildhall.bootstrap.switches import open_switches

    open_switches(Settings(), council).turn_off(SwitchKind(kind), target, reason, by)
    click.echo(f"{kind} {target} is off. Every running server heeds it within about a second; residents get a person.")


@switch.command()
@kind_argument
@click.argument("target")
@reason_option
@by_option
@council_option
@explains_errors
def on(kind: str, target: str, reason: str, by: str, council: str) -> None:
    """Turn TARGET of a KIND on again."""
    from guildhall.bootstrap.switches import open_switches

    open_switches(Settings(), council).turn_on(SwitchKind(kind), target, reason, by)
    click.echo(f"{kind} {target} is on again. Every running server heeds it within about a second.")


@switch.command("list")
@json_option
@council_option
@explains_errors
def list_switches(as_json: bool, council: str) -> None:
    """List what is off, since when, by whom and why."""
    from guildhall.bootstrap.switches import open_switches

    found = open_switches(Settings(), council).off().off
    if as_json:
        _print_json(_plain(item) for item in found)
        return
    if not found:
        click.echo("Everything is on.")
    for item in found:
        click.echo(f"{item.kind.value} {item.target}  off since {_when(item)} by {item.by}: {item.reason}{_lapse(item)}")


@switch.command()
@json_option
@council_option
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="How many turns, newest first.")
@explains_errors
def history(as_json: bool, council: str, limit: int) -> None:
    """Show every turn of every switch, newest first."""
    from guildhall.bootstrap.switches import open_switches

    turns = open_switches(Settings(), council).history(limit)
    if as_json:
        _print_json({"number": turn.number, "off": turn.off, **_plain(turn.switch)} for turn in turns)
        return
    if not turns:
        click.echo("No switch was ever turned.")
    for turn in turns:
        click.echo(_told(turn))


@switch.command()
@click.option("--channel", type=click.Choice(["web"]), default="web", show_default=True, help="The channel to turn off for a moment.")
@click.option("--url", default="", help="Where the server answers; the setting GUILDHALL_PUBLIC_URL, or host and port, when left out.")
@click.option("--as", "by", default="Switch drill", show_default=True, help="Your name; it goes into the record.")
@json_option
@council_option
@explains_errors
def drill(channel: str, url: str, by: str, as_json: bool, council: str) -> None:
    """Turn a channel off, see over the running server's API that it took effect and how fast, and turn it on again.

    Residents of the channel get a person for those seconds. Interrupted, it turns the channel on again; killed, the switch lapses by itself.
    """
    from guildhall.bootstrap.drilling import Probe, drill_channel
    from guildhall.bootstrap.switches import open_switches

    settings = Settings()
    with _stopped_kindly(), Probe(url or settings.address) as probe:
        done = drill_channel(
            open_switches(settings, council), probe, SwitchKind.CHANNEL, channel, by, lambda words: click.echo(words, err=True)
        )
    if as_json:
        click.echo(json.dumps(done.facts, indent=2))
    else:
        click.echo(done.told)
    if not done.passed:
        sys.exit(1)


@contextmanager
def _stopped_kindly() -> Iterator[None]:
    """Let a request to stop unwind the drill, so that the channel is turned on again."""

    def stop(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _told(turn: SwitchTurn) -> str:
    item = turn.switch
    return f"{_when(item)}  {item.kind.value} {item.target}  turned {'off' if turn.off else 'on'} by {item.by}: {item.reason}{_lapse(item)}"


def _when(item: Switch) -> str:
    return f"{item.at:%d %b %Y %H:%M:%S} UTC"


def _lapse(item: Switch) -> str:
    return f" (lapses at {item.lapses_at:%H:%M:%S} UTC)" if item.lapses_at else ""


def _plain(item: Switch) -> dict[str, Any]:
    lapses = item.lapses_at.isoformat() if item.lapses_at else None
    plain = {"kind": item.kind.value, "target": item.target, "reason": item.reason, "by": item.by, "at": item.at.isoformat()}
    return plain | {"lapses_at": lapses}


def _print_json(rows: Iterable[dict[str, Any]]) -> None:
    click.echo(json.dumps(list(rows), ensure_ascii=False, indent=2))

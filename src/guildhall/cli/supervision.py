"""`guildhall supervision`: how freely each topic may be answered, with the evidence; make one stricter, or freer with a second person."""

import json
from typing import TYPE_CHECKING

import click

from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings
from guildhall.vocabulary.supervision import MODE_LABELS, Mode, Topic

if TYPE_CHECKING:
    from guildhall.bootstrap.supervision_desk import SupervisionDesk

reason_option = click.option("--reason", required=True, help="Why, in a sentence others will understand later.")
by_option = click.option("--as", "by", required=True, help="Your name as `guildhall staff list` has it; you need a role that may set this.")
topic_argument = click.argument("topic")


@click.group()
def supervision() -> None:
    """Say which answers an adviser sees first. A TOPIC is `service:KEY`, `category:KEY` or `everything`."""


@supervision.command("list")
@click.option("--all", "everything", is_flag=True, help="Every service, not only what is supervised or has evidence.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@council_option
@explains_errors
def list_topics(everything: bool, as_json: bool, council: str) -> None:
    """List topics with their mode, who set it, and the evidence of the bar's period."""
    rows = [row for row in _desk(council).rows() if everything or row["shown"]]
    if as_json:
        click.echo(json.dumps([{k: v for k, v in row.items() if k != "shown"} for row in rows], ensure_ascii=False, indent=2))
        return
    if not rows:
        click.echo("Nothing is supervised. `guildhall supervision tighten TOPIC` changes that; `--all` lists every topic.")
    for row in rows:
        figures = row["evidence"]
        low = figures["approved_low"]
        sure = f", surely {low:.0%} or more" if low is not None else ""
        shares = f"{figures['approved']} of {figures['decided']} approved unedited{sure}" if figures["decided"] else "no drafts decided"
        proposed = f"  LOOSENING PROPOSED by {row['proposed_by']}" if row["proposed_by"] else ""
        click.echo(f"{row['topic']}  {MODE_LABELS[Mode(row['mode'])][0]}  set by {row['set_by'] or 'the files'}; {shares}{proposed}")


@supervision.command()
@topic_argument
@click.option(
    "--to", "mode", type=click.Choice([mode.value for mode in Mode if mode != Mode.FREE_WITH_EVIDENCE]), required=True, help="The mode."
)
@reason_option
@by_option
@council_option
@explains_errors
def tighten(topic: str, mode: str, reason: str, by: str, council: str) -> None:
    """Make TOPIC stricter, in every running server, within a second."""
    _desk(council).tighten(_topic(topic), Mode(mode), reason, by)
    click.echo(f"{topic} is `{mode}` now, in every running server within about a second.")


@supervision.command()
@topic_argument
@reason_option
@by_option
@council_option
@explains_errors
def loosen(topic: str, reason: str, by: str, council: str) -> None:
    """Propose to loosen TOPIC by one step; or, when somebody else has proposed it, agree. Refused unless the evidence meets the bar."""
    done = _desk(council).loosen(_topic(topic), reason, by)
    if done.proposal:
        click.echo(f"{topic} is `{done.mode.value}` now, in every running server within about a second. The figures are in the record.")
        return
    click.echo(f"It is proposed that {topic} becomes `{done.mode.value}`. A second person runs the same command to agree.")


@supervision.command()
@topic_argument
@reason_option
@by_option
@council_option
@explains_errors
def refuse(topic: str, reason: str, by: str, council: str) -> None:
    """Refuse the proposal to loosen TOPIC, or take your own back."""
    _desk(council).refuse(_topic(topic), reason, by)
    click.echo(f"The proposal for {topic} is gone; nothing has changed.")


def _desk(council: str) -> "SupervisionDesk":
    from guildhall.bootstrap.supervision_desk import open_supervision_desk

    return open_supervision_desk(Settings(), council)


def _topic(name: str) -> Topic:
    found = Topic.parse(name)
    if found is None:
        raise click.BadParameter(f"`{name}` is no topic: write service:KEY, category:KEY or everything.")
    return found

"""`guildhall hold`: keep words past their time, for a reason, and let go of them again."""

import json

import click

from guildhall.bootstrap.rights import open_rights
from guildhall.cli.looking import named_option, reason_option
from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.rights import EVERYTHING, HOLD_LABELS, HoldKind


@click.group()
def hold() -> None:
    """Keep words past their time. A hold beats every schedule and every request to erase."""


@hold.command()
@click.argument("targets", nargs=-1, metavar="REFERENCE|CONVERSATION…")
@click.option("--kind", type=click.Choice([kind.value for kind in HoldKind]), required=True, help="What asks for it.")
@click.option("--everything", is_flag=True, help="Keep all conversations, as an inquiry may ask for.")
@named_option
@reason_option
@council_option
@explains_errors
def place(targets: tuple[str, ...], kind: str, everything: bool, who: str, reason: str, council: str) -> None:
    """Place a hold on conversations, by reference or id, or on everything."""
    if bool(targets) == everything:
        raise RefusedError("name what is held: references or conversations, or --everything; not both.")
    rights = open_rights(Settings(), council)
    found = [EVERYTHING] if everything else [c for target in targets for c in rights.journal.find(target)]
    for made in rights.holds.place(HoldKind(kind), found, reason, who):
        click.echo(f"{made.id}  {HOLD_LABELS[made.kind][0]}  {made.target}")
    rights.close()


@hold.command()
@click.argument("hold_id", metavar="HOLD")
@named_option
@reason_option
@council_option
@explains_errors
def lift(hold_id: str, who: str, reason: str, council: str) -> None:
    """Lift a hold; the schedules count again from then on."""
    rights = open_rights(Settings(), council)
    lifted = rights.holds.lift(hold_id, reason, who)
    click.echo(f"Lifted: {lifted.in_words}. The schedules count again.")
    rights.close()


@hold.command("list")
@click.option("--all", "ended_too", is_flag=True, help="Show holds that were lifted too.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@council_option
@explains_errors
def list_(ended_too: bool, as_json: bool, council: str) -> None:
    """List holds in force, with who placed them, when and why."""
    rights = open_rights(Settings(), council)
    found = rights.holds.all(lifted=ended_too)
    rights.close()
    if as_json:
        click.echo(
            json.dumps(
                [
                    {
                        "id": one.id,
                        "kind": one.kind.value,
                        "target": one.target,
                        "reason": one.reason,
                        "placed_by": one.placed_by,
                        "placed_at": one.placed_at.isoformat(),
                        "lifted_by": one.lifted_by or None,
                        "lifted_at": one.lifted_at.isoformat() if one.lifted_at else None,
                    }
                    for one in found
                ],
                ensure_ascii=False,
                indent=2,
            )
        )
        return
    for one in found:
        ended = f"  lifted by {one.lifted_by} on {one.lifted_at:%d %b %Y}" if one.lifted_at else ""
        placed = f"{one.placed_by}, {one.placed_at:%d %b %Y}"
        click.echo(f"{one.id}  {HOLD_LABELS[one.kind][0]}  {one.target}  {placed}: {one.reason}{ended}")
    if not found:
        click.echo("Nothing is held.")

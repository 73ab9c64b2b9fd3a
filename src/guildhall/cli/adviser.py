"""`guildhall adviser`: who sits at the desk, for which queues and languages, and how much they take."""

import json
from typing import TYPE_CHECKING

import click

from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.handoffs import ADVISER_STATUS_LABELS, AdviserStatus
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.roles import DESK_ROLES

if TYPE_CHECKING:
    from guildhall.bootstrap.desk import DeskAlone

by_option = click.option("--as", "by", required=True, help="Your name; it goes into the record.")


@click.group()
def adviser() -> None:
    """Say who sits at the desk, and what they take."""


@adviser.command("list")
@council_option
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@explains_errors
def list_advisers(council: str, as_json: bool) -> None:
    """List the advisers with their queues, and whether they are here."""
    from guildhall.bootstrap.desk import open_desk_alone
    from guildhall.handoffs.presence import is_here

    alone = open_desk_alone(Settings(), council)
    now, everyone = alone.clock(), alone.desk.advisers.everyone()
    rows = [
        {
            "name": one.name,
            "queues": sorted(one.queues),
            "languages": sorted(one.languages),
            "safeguarding": one.safeguarding,
            "capacity": one.capacity,
            "takes_calls": bool(one.phone),
            "status": (one.status if is_here(one, now) else AdviserStatus.OFFLINE).value,
        }
        for one in everyone
    ]
    alone.close()
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not rows:
        click.echo("Nobody yet. `guildhall adviser set NAME --queue QUEUE` gives somebody a place at the desk.")
    for row in rows:
        trained = ", trained for safeguarding" if row["safeguarding"] else ""
        label = ADVISER_STATUS_LABELS[AdviserStatus(str(row["status"]))][0]
        taken = f"{', '.join(row['queues'])}; {', '.join(row['languages'])}; up to {row['capacity']} at once{trained}"  # type: ignore[arg-type]
        click.echo(f"{row['name']}  {label}  {taken}")


@adviser.command("set")
@click.argument("name")
@click.option("--queue", "queues", multiple=True, required=True, help="A queue they serve; give it again for more.")
@click.option(
    "--language", "languages", type=click.Choice([code.value for code in Language]), multiple=True, default=("en",), show_default=True,
    help="A language they speak with residents; give it again for more.",
)  # fmt: skip
@click.option("--safeguarding", is_flag=True, help="They are trained for it: distress comes to them first.")
@click.option("--capacity", type=click.IntRange(1, 20), default=3, show_default=True, help="How many conversations they take at once.")
@click.option("--phone", default=None, help="Where callers are put through to them; empty for no calls. Left out, it stays as it is.")
@by_option
@council_option
@explains_errors
def set_adviser(
    name: str,
    queues: tuple[str, ...],
    languages: tuple[str, ...],
    safeguarding: bool,
    capacity: int,
    phone: str | None,
    by: str,
    council: str,
) -> None:
    """Give NAME a place at the desk, or change it. They are staff with the role adviser or supervisor already."""
    from guildhall.bootstrap.desk import open_desk_alone
    from guildhall.handoffs.phone_numbers import uk_phone

    if phone and not uk_phone(phone):
        raise RefusedError("that is no UK number that can be rung; write it like 01632 960001.")
    alone = open_desk_alone(Settings(), council)
    if phone and not alone.desk.profile.may_ring(phone):
        raise RefusedError("that number is not one of the `lines` of phone.yaml, and no other is ever dialled; add it there first.")
    known = alone.desk.profile.handoffs.queues
    if unknown := [queue for queue in queues if queue not in known]:
        raise RefusedError(f"`{unknown[0]}` is not one of the queues {', '.join(known)}.")
    member = alone.staff.by_name(name)
    if not member.roles & DESK_ROLES:
        raise RefusedError(f"{name} has no role at the desk. Give them one with `guildhall staff grant '{name}' --role adviser`.")
    alone.desk.advisers.set(member.id, queues, languages, safeguarding, capacity, by, alone.clock())
    if phone is not None:
        alone.desk.advisers.set_phone(member.id, uk_phone(phone), by, alone.clock())
    alone.close()
    click.echo(f"{name} serves {', '.join(queues)} in {', '.join(languages)}, up to {capacity} at once.")


@adviser.command()
@click.argument("name")
@by_option
@council_option
@explains_errors
def away(name: str, by: str, council: str) -> None:
    """Say that NAME is not at the desk. What they have goes back to its queue within seconds, with its place kept."""
    from guildhall.bootstrap.desk import open_desk_alone

    alone = open_desk_alone(Settings(), council)
    found = _adviser_called(alone, name)
    alone.desk.advisers.set_status(found, AdviserStatus.OFFLINE, alone.clock(), f"said by {by}")
    held = {handoff.conversation_id for handoff in alone.desk.handoffs.held_by(found)}
    alone.close()
    click.echo(f"{name} is offline. {len(held)} of their conversations go to others.")


def _adviser_called(alone: "DeskAlone", name: str) -> str:
    member = alone.staff.by_name(name)
    if alone.desk.advisers.get(member.id) is None:
        raise RefusedError(f"{name} has no place at the desk. `guildhall adviser list` shows who has.")
    return member.id

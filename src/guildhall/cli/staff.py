"""`guildhall staff`: who may sign in to the console, and with which roles."""

import json

import click

from guildhall.cli.opening import explains_errors
from guildhall.settings import Settings
from guildhall.vocabulary.roles import ROLE_LABELS, Role

role_option = click.option(
    "--role",
    "roles",
    type=click.Choice([role.value for role in Role]),
    multiple=True,
    required=True,
    help="A role; give it again for more.",
)


@click.group()
def staff() -> None:
    """Let members of staff in to the console, and say what they may do."""


@staff.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@explains_errors
def list_staff(as_json: bool) -> None:
    """List everybody with their roles."""
    from guildhall.bootstrap.staff import open_staff_door_alone

    everyone = open_staff_door_alone(Settings()).staff.everyone()
    if as_json:
        rows = [{"id": m.id, "name": m.name, "roles": sorted(m.roles), "active": m.active, "provider": bool(m.subject)} for m in everyone]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not everyone:
        click.echo("Nobody yet. `guildhall staff add NAME --role ROLE` adds somebody.")
    for member in everyone:
        held = ", ".join(ROLE_LABELS[role][0] for role in Role if role in member.roles) or "no role"
        click.echo(f"{member.name}  {held}{'' if member.active else '  KEPT OUT'}{'  (identity provider)' if member.subject else ''}")


@staff.command()
@click.argument("name")
@role_option
@explains_errors
def add(name: str, roles: tuple[str, ...]) -> None:
    """Add somebody with one role or more."""
    from guildhall.bootstrap.staff import open_staff_door_alone

    member = open_staff_door_alone(Settings()).entrance.add(name.strip(), frozenset(Role(role) for role in roles))
    click.echo(f"{member.name} is added as {', '.join(ROLE_LABELS[role][0] for role in Role if role in member.roles)}.")
    click.echo("`guildhall staff link` prints the link that signs them in.")


@staff.command()
@click.argument("name")
@explains_errors
def link(name: str) -> None:
    """Print a link that signs somebody in, once and for a short time."""
    from guildhall.bootstrap.staff import open_staff_door_alone

    settings = Settings()
    door = open_staff_door_alone(settings)
    member = door.entrance.staff.by_name(name)
    secret = door.entrance.link_for(member)
    click.echo(f"Signs {member.name} in, once, within {settings.staff_link_minutes} minutes. Give it to nobody else.", err=True)
    click.echo(f"{settings.address.rstrip('/')}/console/sign-in/link?token={secret}")
    if not settings.public_url:
        click.echo("A server that was started with --port has another address: change it in the link, or set GUILDHALL_PORT.", err=True)


@staff.command()
@click.argument("name")
@role_option
@explains_errors
def grant(name: str, roles: tuple[str, ...]) -> None:
    """Give somebody a further role."""
    from guildhall.bootstrap.staff import open_staff_door_alone

    entrance = open_staff_door_alone(Settings()).entrance
    for role in roles:
        entrance.grant(entrance.staff.by_name(name), Role(role))
    click.echo(f"{name} now has: {', '.join(sorted(entrance.staff.by_name(name).roles))}.")


@staff.command()
@click.argument("name")
@role_option
@explains_errors
def withdraw(name: str, roles: tuple[str, ...]) -> None:
    """Take a role away; it holds from the next click."""
    from guildhall.bootstrap.staff import open_staff_door_alone

    entrance = open_staff_door_alone(Settings()).entrance
    for role in roles:
        entrance.withdraw(entrance.staff.by_name(name), Role(role))
    click.echo(f"{name} now has: {', '.join(sorted(entrance.staff.by_name(name).roles)) or 'no role'}.")


@staff.command("keep-out")
@click.argument("name")
@explains_errors
def keep_out(name: str) -> None:
    """End somebody's sessions and links at once, and let them in no more."""
    from guildhall.bootstrap.staff import open_staff_door_alone

    entrance = open_staff_door_alone(Settings()).entrance
    entrance.keep_out(entrance.staff.by_name(name))
    click.echo(f"{name} is signed out everywhere and kept out.")


@staff.command("let-in")
@click.argument("name")
@explains_errors
def let_in(name: str) -> None:
    """Let somebody in again who was kept out."""
    from guildhall.bootstrap.staff import open_staff_door_alone

    entrance = open_staff_door_alone(Settings()).entrance
    entrance.let_in(entrance.staff.by_name(name))
    click.echo(f"{name} may sign in again.")

"""`guildhall board`: who is on the board that signs changes of the rules."""

import json
from pathlib import Path

import click

from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings
from guildhall.vocabulary.roles import GOVERNING_ROLES, ROLE_LABELS, Role


@click.group()
def board() -> None:
    """Enrol and list the people who sign changes of the rules."""


@board.command()
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role if role in GOVERNING_ROLES]),
    help="A role; give it again for more.",
)
@click.option("--key-out", type=click.Path(dir_okay=False, path_type=Path), help="Make a key, and write the private part to this new file.")
@click.option("--public-key", default="", help="A public key that the person made elsewhere (base64), instead of --key-out.")
@click.option("--passphrase", is_flag=True, help="Ask for a passphrase that protects the key file.")
@click.option("--as", "by", default="", metavar="NAME", help="The board chair who enrols; needed once there is one.")
@click.option("--key", "key_file", type=click.Path(dir_okay=False, path_type=Path), help="The chair's private key file.")
@council_option
@explains_errors
def enrol(
    name: str, roles: tuple[str, ...], key_out: Path | None, public_key: str, passphrase: bool, by: str, key_file: Path | None, council: str
) -> None:
    """Put NAME on the board with a role and a key. The first member founds the board.

    From then on the rules in force are those that the board activates, and the council's folder is where changes are prepared.
    """
    from guildhall.bootstrap.governance import open_office
    from guildhall.cli.signing_options import opened
    from guildhall.governance.board import enrol as enrol_member
    from guildhall.governance.board import may_enrol
    from guildhall.governance.signing import make_key

    if (key_out is None) == (not public_key):
        raise click.UsageError("give either --key-out FILE, to make a key here, or --public-key, of a key made elsewhere")
    office = open_office(Settings(), council)
    chair = opened(key_file) if key_file else None
    may_enrol(office, by, chair)
    if key_out is not None:
        protected = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True) if passphrase else ""
        public_key = make_key(key_out, protected)
    founded = not office.store.members()
    member = enrol_member(office, name, tuple(Role(role) for role in roles), public_key, by, chair)
    click.echo(f"{member.name} is on the board: {', '.join(ROLE_LABELS[role][0].lower() for role in member.roles)}.")
    if key_out is not None:
        click.echo(f"The private key is in {key_out}. Hand it to {member.name} and keep no copy.")
    if founded:
        click.echo(
            "The board is founded. The rules as they stand now are in force, and every change goes through `guildhall policy propose`."
        )


@board.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@council_option
@explains_errors
def list_members(as_json: bool, council: str) -> None:
    """List everybody on the board."""
    from guildhall.bootstrap.governance import open_office

    members = open_office(Settings(), council).store.members()
    if as_json:
        plain = [
            {"name": m.name, "roles": [r.value for r in m.roles], "public_key": m.public_key, "enrolled_at": m.enrolled_at.isoformat()}
            for m in members
        ]
        click.echo(json.dumps(plain, ensure_ascii=False, indent=2))
        return
    if not members:
        click.echo("Nobody is on the board, so the rules in the council's folder are in force.")
    for member in members:
        roles = ", ".join(ROLE_LABELS[role][0].lower() for role in member.roles)
        click.echo(f"{member.name}: {roles}; enrolled {member.enrolled_at:%d %B %Y}; key {member.public_key[:16]}…")

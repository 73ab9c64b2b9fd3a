"""`guildhall verify`: check an export or a receipt. It only calls the file that an auditor can run without Guildhall."""

from pathlib import Path

import click

from guildhall.records import guildhall_verify


@click.command()
@click.argument("export", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--operator-key", multiple=True, help="The council's key, as it was given to you (`guildhall log key`).")
@click.option("--witness-key", multiple=True, help="A witness's key: the record must bear its cosignature.")
@click.option("--witnessed", type=click.Path(exists=True, dir_okay=False), help="The last checkpoint that a witness holds.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def verify(export: Path, operator_key: tuple[str, ...], witness_key: tuple[str, ...], witnessed: str | None, as_json: bool) -> None:
    """Check an export of the record, or a receipt. Exit code 1 when something was changed, cut, added or moved; the first fault is named."""
    arguments = [str(export), *(f"--operator-key={key}" for key in operator_key), *(f"--witness-key={key}" for key in witness_key)]
    arguments += [f"--witnessed={witnessed}"] if witnessed else []
    raise SystemExit(guildhall_verify.main(arguments + (["--json"] if as_json else [])))

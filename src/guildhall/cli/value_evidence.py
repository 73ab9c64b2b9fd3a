"""`guildhall value evidence`: what benefits rest on: evaluations that were kept, and documents by their digest. No file is copied, and no address fetched."""

import json
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guildhall.cli.deciding import who_acts
from guildhall.cli.looking import named_option
from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.roles import VALUE_ROLES

if TYPE_CHECKING:
    from guildhall.bootstrap.ledger import Ledger


@click.group()
def evidence() -> None:
    """Keep the evidence for benefits: saved evaluations, and documents that are known by their SHA-256, a number worked out from the file."""


@evidence.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@council_option
@explains_errors
def list_(as_json: bool, council: str) -> None:
    """List evaluations and documents, each with the level of evidence that it supports and whether it still stands."""
    store = _open(council).evidence
    names = [f"evaluation:{one.id}" for one in store.evaluations()] + [f"document:{one.key}" for one in store.documents()]
    for reference, one in store.look(names).items():
        if as_json:
            row = {"reference": reference, "name": one.label, "carries": one.carries.value, "stands": one.stands, "why": one.why}
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            click.echo(
                f"{reference}  {one.label}\n  {f'NO LONGER STANDS: {one.why}' if one.why else f'carries {one.carries.value.upper()}'}"
            )
    if not as_json:
        click.echo(f"{len(names)} pieces of evidence." if len(names) != 1 else "1 piece of evidence.")


@evidence.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", default="", help="What references call it, such as establishment-list. Without it, it is made from the file's name.")
@click.option("--name", default="", help="What the document is called. Without it, the file's name is used.")
@click.option("--link", default="", help="An https address, in place of a file. Guildhall never opens it.")
@click.option("--sha256", default="", help="The SHA-256 of the document at the address.")
@click.option("--dated", type=click.DateTime(["%Y-%m-%d"]), help="The date of the document, or the day on which somebody read the address.")
@named_option
@council_option
@explains_errors
def add(file: Path | None, key: str, name: str, link: str, sha256: str, dated: datetime | None, who: str, council: str) -> None:
    """Add a document as evidence, known by its SHA-256. FILE is read but not kept."""
    from guildhall.value.ledger.documents import Document, key_of

    if (file is None) == (not link):
        raise click.UsageError("give a FILE, or --link with --sha256 and --dated")
    by, size = who_acts(who, VALUE_ROLES, "name a document"), None
    if file is not None:
        with file.open("rb") as stream:
            sha256 = file_digest(stream, "sha256").hexdigest()
        size, name = file.stat().st_size, name or file.name
    day = dated.date() if dated else None
    given = Document(key or key_of(name), " ".join(name.split()), sha256.strip().lower(), by.id, datetime.now(UTC), size, link.strip(), day)
    made = _open(council).evidence.add_document(given)
    click.echo(
        f"document:{made.key} is {made.sha256}. The file itself stays where it is." if file else f"document:{made.key} is {made.sha256}."
    )


@evidence.command()
@click.argument("key")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@council_option
@explains_errors
def check(key: str, file: Path, council: str) -> None:
    """Say whether FILE is the document KEY. The exit code is 1 when it is not."""
    document = _open(council).evidence.document(key)
    with file.open("rb") as stream:
        found = file_digest(stream, "sha256").hexdigest()
    if found != document.sha256:
        raise RefusedError(f"{file} is not the document {key}: its SHA-256 is {found}, and the document's is {document.sha256}.")
    click.echo(f"{file} is the document {key}.")


@evidence.command()
@click.argument("key")
@click.option("--why", required=True, help="Why, in a sentence that others will understand later.")
@named_option
@council_option
@explains_errors
def withdraw(key: str, why: str, who: str, council: str) -> None:
    """Withdraw the document KEY, because it no longer proves what it was added for. Every benefit and claim that uses it is marked."""
    by = who_acts(who, VALUE_ROLES, "withdraw a document")
    made = _open(council).evidence.withdraw(key, why, by.id)
    click.echo(f"document:{made.key} is withdrawn.")


def _open(council: str) -> "Ledger":
    from guildhall.bootstrap.ledger import open_ledger

    return open_ledger(Settings(), council)

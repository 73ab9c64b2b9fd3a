"""`guildhall log`: the tamper-evident record: sign it, export it, give receipts, and compare it with what else knows what happened."""

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guildhall.cli.opening import explains_errors
from guildhall.settings import Settings
from guildhall.vocabulary.sentences import capitalised

if TYPE_CHECKING:
    from guildhall.bootstrap.reconciling import Reconciled
    from guildhall.bootstrap.record_log import RecordLog


@click.group()
def log() -> None:
    """Look after the tamper-evident record."""


@log.command()
@explains_errors
def key() -> None:
    """Print the public key that checkpoints are signed with, for witnesses and auditors."""
    from guildhall.bootstrap.record_log import log_signer
    from guildhall.records.checkpoints import OPERATOR

    click.echo(log_signer(Settings()).key(OPERATOR).text)


@log.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@explains_errors
def checkpoint(as_json: bool) -> None:
    """Sign the record as it is now, have witnesses cosign, and print the checkpoint."""
    opened = _open()
    opened.keeper.sign()
    opened.keeper.ask_witnesses(patient=False)
    newest, states = opened.store.latest(), opened.store.witnesses()
    opened.close()
    assert newest is not None  # one was signed above
    if as_json:
        told = {"size": newest.size, "root": newest.root.hex(), "at": newest.at.isoformat(), "note": newest.note.text}
        told |= {"witnesses": [{"key": state.witness, "size": state.size, "problem": state.problem} for state in states]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    click.echo(newest.note.text, nl=False)
    for state in states:
        if state.problem:
            click.echo(f"Not cosigned: {state.problem} ({state.failures} times in a row; it holds {state.size:,} records)", err=True)


@log.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@explains_errors
def export(file: Path) -> None:
    """Write the whole record to FILE for an auditor: records, checkpoints, cosignatures and the names of keys. It holds no words."""
    from guildhall.cli.knowledge_display import progress_bar

    opened = _open()
    size, lines = opened.export()
    draft = file.with_name(f"{file.name}.part")
    with draft.open("wb") as out, progress_bar("Exporting records") as progress:
        for number, line in enumerate(lines):
            out.write(line)
            if not number % 2000:
                progress(min(number, size), size)
    draft.replace(file)
    opened.close()
    click.echo(f"{file}: {size:,} records. Check it with `guildhall verify {file}`, or with guildhall_verify.py alone.")


@log.command()
@click.argument("event_id")
@click.option("--facts", "with_facts", is_flag=True, help="Put the event's facts in, so that whoever holds the receipt can check them.")
@explains_errors
def receipt(event_id: str, with_facts: bool) -> None:
    """Print the receipt of one event: that it is in the record, under a signed checkpoint. `guildhall verify` reads it."""
    opened = _open()
    text = opened.receipt(event_id, with_facts)
    opened.close()
    click.echo(text, nl=False)


@log.command()
@click.option("--days", type=click.IntRange(1), default=7, show_default=True, help="Days of the web edge's journal to compare.")
@click.option("--words", is_flag=True, help="Also open what was said, in memory, and compare it with its commitments.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@explains_errors
def reconcile(days: int, words: bool, as_json: bool) -> None:
    """Compare the record with itself, with what else is stored and with the web edge's journal. Exit code 1 when something does not fit."""
    from guildhall.bootstrap.reconciling import reconcile as run
    from guildhall.bootstrap.reconciling import recorded_categories
    from guildhall.cli.knowledge_display import progress_bar

    settings = Settings()
    recorded = recorded_categories(settings)
    opened = _open()
    with progress_bar("Comparing records") as progress:
        found = run(opened, settings.data_dir / "journal", timedelta(days=days), words, progress, recorded)
    opened.close()
    _show(found, as_json)
    raise SystemExit(1 if found.findings else 0)


def _show(found: "Reconciled", as_json: bool) -> None:
    from guildhall.records.findings import FINDING_LABELS

    if as_json:
        rows = [{"kind": f.kind, "what": f.what, "where": f.where, "at": f.at.isoformat() if f.at else None} for f in found.findings]
        click.echo(json.dumps({"records": found.records, "requests": found.requests, "findings": rows}, ensure_ascii=False, indent=2))
        return
    for finding in found.findings:
        at = f"{finding.at:%Y-%m-%d %H:%M:%S} UTC  " if finding.at else ""
        click.echo(f"{at}{FINDING_LABELS[finding.kind]} {capitalised(finding.what)}. ({finding.where or 'whole record'})")
    click.echo(f"{found.records:,} records and {found.requests:,} requests compared: {len(found.findings)} things do not fit.")


def _open() -> "RecordLog":
    from guildhall.bootstrap.record_log import open_record_log

    return open_record_log(Settings())

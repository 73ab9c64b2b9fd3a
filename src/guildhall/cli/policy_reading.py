"""The commands of `guildhall policy` that only read."""

import json
from pathlib import Path
from typing import Any

import click

from guildhall.bootstrap.governance import folder_differs, open_office
from guildhall.cli.opening import council_option, explains_errors
from guildhall.cli.policy_display import echo_lines
from guildhall.governance.changes import open_change
from guildhall.governance.office import Office
from guildhall.governance.packs import SHORT
from guildhall.governance.page import as_json as page_as_json
from guildhall.governance.page import page_of
from guildhall.governance.reviews import due
from guildhall.governance.words import rule_in_words
from guildhall.policy.packs import Pack
from guildhall.settings import Settings
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.governance import HOW_LABELS, PHASE_LABELS

json_option = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


@click.command()
@click.argument("change", default="")
@json_option
@council_option
@explains_errors
def show(change: str, as_json: bool, council: str) -> None:
    """Show what is in force, or one proposed CHANGE as a page to read in a meeting."""
    office = open_office(Settings(), council)
    if change:
        opened = open_change(office, office.store.proposal(change))
        if as_json:
            click.echo(json.dumps(page_as_json(opened), ensure_ascii=False, indent=2))
        else:
            echo_lines(page_of(opened))
        return
    if as_json:
        click.echo(json.dumps(_state(office), ensure_ascii=False, indent=2))
        return
    _show_in_force(office)


def _show_in_force(office: Office) -> None:
    found = office.store.in_force()
    if found is None:
        folder = office.folder().pack
        click.echo(f"The folder's rules are in force: {len(folder.rules)} rules, pack {folder.id[:SHORT]}. Nobody is on the board yet.")
        return
    active = office.packs.get(found.active)
    last = office.store.activations()[-1]
    click.echo(f"In force: pack {active.id[:SHORT]}, {len(active.rules)} rules.")
    click.echo(f"  Since {last.at:%d %B %Y %H:%M} UTC, by {last.by} ({HOW_LABELS[last.how][0].lower()}): {last.why}.")
    if differs := folder_differs(office):
        click.echo(differs)
    for change in office.store.proposals():
        share = f", {change.share}% of new conversations" if change.share else ""
        until = f", until {change.lapses_at:%d %B %H:%M} UTC" if change.lapses_at else ""
        click.echo(f"{change.id}: {PHASE_LABELS[change.phase][0].lower()}{share}{until}. {change.why} ({change.author})")


def _state(office: Office) -> dict[str, Any]:
    found = office.store.in_force()
    return {
        "board": found is not None,
        "active": rules_in_force(office).id,
        "differs": folder_differs(office),
        "activations": [
            {"pack": a.pack, "how": a.how.value, "by": a.by, "why": a.why, "change": a.proposal, "at": a.at.isoformat()}
            for a in office.store.activations()
        ],
        "changes": [
            {
                "id": c.id,
                "phase": c.phase.value,
                "author": c.author,
                "why": c.why,
                "pack": c.pack,
                "share": c.share,
                "lapses_at": c.lapses_at.isoformat() if c.lapses_at else None,
            }
            for c in office.store.proposals()
        ],
    }


def rules_in_force(office: Office) -> Pack:
    """The pack in force: the board's, or the folder's while there is no board."""
    found = office.store.in_force()
    return office.packs.get(found.active) if found else office.folder().pack


@click.command()
@click.argument("rule_id", metavar="RULE")
@council_option
@explains_errors
def explain(rule_id: str, council: str) -> None:
    """Say in plain English what RULE does."""
    pack = rules_in_force(open_office(Settings(), council))
    rule = pack.rule(rule_id)
    if rule is None:
        near = [other.id for other in pack.rules if rule_id in other.id]
        raise NotFoundError(
            f"there is no rule `{rule_id}` in force; "
            + (f"is it one of {', '.join(near)}?" if near else "`policy review --all` lists them")
        )
    echo_lines(rule_in_words(rule))


@click.command()
@click.option("--all", "everything", is_flag=True, help="List every rule, not only those to be reviewed within 30 days.")
@json_option
@council_option
@explains_errors
def review(everything: bool, as_json: bool, council: str) -> None:
    """List the rules whose review is overdue or due. A date that has passed switches nothing off."""
    office = open_office(Settings(), council)
    pack, today = rules_in_force(office), office.clock().date()
    found = due(pack, today)
    if as_json:
        plain = [
            {"rule": item.rule.id, "owner": item.rule.owner, "review_by": item.rule.review_by.isoformat(), "overdue": item.overdue}
            for item in found
        ]
        click.echo(json.dumps(plain, indent=2))
        return
    if everything:
        for rule in pack.rules:
            click.echo(f"{rule.id}: review by {rule.review_by:%d %B %Y} ({rule.owner.replace('-', ' ')})")
        return
    if not found:
        click.echo("No review is due within 30 days.")
    for item in found:
        when = f"OVERDUE by {item.days} days" if item.overdue else f"due in {item.days} days"
        click.echo(f"{item.rule.id}: {when} ({item.rule.review_by:%d %B %Y}, {item.rule.owner.replace('-', ' ')})")


@click.command()
@click.argument("change")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@council_option
@explains_errors
def files(change: str, folder: Path, council: str) -> None:
    """Write the rule files of a proposed CHANGE, as they were written, into the new FOLDER. `active` stands for the rules in force."""
    office = open_office(Settings(), council)
    pack = office.in_force().active if change == "active" else office.store.proposal(change).pack
    office.packs.get(pack)
    stored = office.store.pack(pack)
    if stored is None or not stored[1]:
        raise NotFoundError(f"the pack {pack[:SHORT]} was stored without its files")
    if folder.exists() and any(folder.iterdir()):
        raise RefusedError(f"{folder} is not empty; choose a new folder")
    for name, text in stored[1].items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    click.echo(f"{len(stored[1])} files of pack {pack[:SHORT]} are in {folder}.")

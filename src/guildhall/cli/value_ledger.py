"""`guildhall value ledger`: enter benefits, move them, claim money once, take it back, and see what may be said of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings
from guildhall.value.ledger.stages import MAY_ADD, MAY_CLAIM, MAY_REVERSE, MAY_SIGN_CLAIMS, MOVES
from guildhall.vocabulary.benefits import STAGE_LABELS, CashAct, GefClass, Stage
from guildhall.vocabulary.roles import VALUE_ROLES

if TYPE_CHECKING:
    from guildhall.bootstrap.ledger import Ledger

by_option = click.option(
    "--as", "by", required=True, help="Your name, as `guildhall staff list` prints it. You need the role that the step asks for."
)
why_option = click.option("--why", required=True, help="Why, in a sentence that others will understand later.")
set_option = click.option(
    "--set",
    "given",
    multiple=True,
    metavar="FIELD=VALUE",
    help="A field and its value, such as `gef_class=cash_releasing`. Use this option once for each field.",
)


version_option = click.option("--version", default=0, help="Do it only if it is still this version. `show` prints the version.")


@click.group()
def ledger() -> None:
    """Keep the benefits ledger: every benefit with its stage, its evidence and who signed it."""


@ledger.command("list")
@click.option("--stage", type=click.Choice([stage.value for stage in Stage]), help="List only benefits at this stage.")
@click.option(
    "--class",
    "gef_class",
    type=click.Choice([one.value for one in GefClass]),
    help="List only benefits of this class of the Government Efficiency Framework.",
)
@click.option("--service", default="", help="List only benefits of this service.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@council_option
@explains_errors
def list_(stage: str | None, gef_class: str | None, service: str, as_json: bool, council: str) -> None:
    """List benefits, each with what you can say about it, and then the totals for each stage and kind of worth."""
    from guildhall.cli.ledger_display import listed

    book = _open(council)
    accounts = [
        one
        for one in book.store.accounts()
        if stage in (None, one.benefit.stage.value)
        and gef_class in (None, one.benefit.facts.gef_class)
        and service in ("", one.benefit.facts.service)
    ]
    click.echo(listed(accounts, book.today, book.haircuts, book.store.found(accounts), as_json))


@ledger.command()
@click.argument("benefit")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@council_option
@explains_errors
def show(benefit: str, as_json: bool, council: str) -> None:
    """Show BENEFIT with its history, claims, reversals and signatures, and what is missing for its next stage."""
    from guildhall.cli.ledger_display import shown

    book = _open(council)
    account = book.store.account(benefit)
    click.echo(shown(account, book.today, book.haircuts, book.staff.names(), book.store.found([account]), as_json))


@ledger.command()
@click.option("--title", required=True, help="What the benefit is called.")
@set_option
@by_option
@council_option
@explains_errors
def add(title: str, given: tuple[str, ...], by: str, council: str) -> None:
    """Enter a benefit as an idea. A title is enough. `move` tells you what each later stage needs."""
    from guildhall.bootstrap.ledger import facts_from
    from guildhall.value.ledger.benefit import BenefitFacts

    book = _open(council)
    member = book.member(by, MAY_ADD, "enter a benefit")
    benefit = book.store.add(facts_from(_pairs(given), BenefitFacts(title=" ".join(title.split()))), member)
    click.echo(f"{benefit.id} is entered as an idea.")


@ledger.command()
@click.argument("benefit")
@set_option
@why_option
@version_option
@by_option
@council_option
@explains_errors
def change(benefit: str, given: tuple[str, ...], why: str, version: int, by: str, council: str) -> None:
    """Change BENEFIT, or add to it. You cannot change what was approved. You can always add more about it."""
    from guildhall.bootstrap.ledger import facts_from

    book = _open(council)
    member, was = book.member(by, MAY_ADD, "change a benefit"), book.store.account(benefit).benefit
    now = book.store.change(benefit, facts_from(_pairs(given), was.facts), member, why, version or was.version)
    click.echo(f"{now.id} is changed; this is version {now.version}.")


@ledger.command()
@click.argument("benefit")
@click.option("--to", type=click.Choice([stage.value for stage in Stage]), required=True, help="The stage to move it to.")
@why_option
@version_option
@by_option
@council_option
@explains_errors
def move(benefit: str, to: str, why: str, version: int, by: str, council: str) -> None:
    """Move BENEFIT to another stage, and sign it as it is then. If it cannot move, the command says what is missing."""
    book = _open(council)
    move = MOVES.get((book.store.account(benefit).benefit.stage, Stage(to)))  # where there is none, the store says which there are
    roles, label = move.roles if move else VALUE_ROLES, STAGE_LABELS[Stage(to)][0].lower()
    now = book.store.move(benefit, Stage(to), book.member(by, roles, f"move it to “{label}”"), why, version)
    click.echo(f"{now.id} is {now.stage.value} now, signed by {by}: {now.digest[:16]}.")


@ledger.command()
@click.argument("benefit")
@click.option("--budget-code", required=True, help="The code of the budget line, such as CS-4410.")
@click.option("--period", required=True, help="A month, such as 2026-04, or a quarter of a financial year, such as 2026-27-Q1.")
@click.option(
    "--act", type=click.Choice([act.value for act in CashAct]), required=True, help="The act that keeps the money in the council."
)
@click.option("--reference", required=True, help="The council's own number for the act: the number of the post, the shift or the contract.")
@click.option("--amount", required=True, help="The amount in pounds, such as 1234.50 or £12k.")
@click.option("--evidence", required=True, help="A reference to what proves it, as kind:id, such as `document:establishment-list`.")
@by_option
@council_option
@explains_errors
def claim(benefit: str, budget_code: str, period: str, act: str, reference: str, amount: str, evidence: str, by: str, council: str) -> None:
    """Claim money for BENEFIT. Each pound comes from one budget line, in one month, by one act, and can be claimed only once."""
    from guildhall.storage.ledger import ClaimDraft
    from guildhall.vocabulary.money import pence_of, pounds

    try:
        pence = pence_of(amount)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--amount") from error
    book = _open(council)
    member = book.member(by, MAY_CLAIM, "claim money")
    made = book.store.claim(benefit, ClaimDraft(budget_code, period, CashAct(act), reference, pence, evidence), member)
    click.echo(f"{made.id}: {pounds(made.amount_pence)} is claimed. It counts once the chief finance officer has signed it.")


@ledger.command()
@click.argument("claim_id", metavar="CLAIM")
@by_option
@council_option
@explains_errors
def sign(claim_id: str, by: str, council: str) -> None:
    """Sign CLAIM as the chief finance officer."""
    book = _open(council)
    made = book.store.sign(claim_id, book.member(by, MAY_SIGN_CLAIMS, "sign a claim"))
    click.echo(f"{made.id} is signed by {by}: {made.digest[:16]}.")


@ledger.command()
@click.argument("claim_id", metavar="CLAIM")
@why_option
@by_option
@council_option
@explains_errors
def reverse(claim_id: str, why: str, by: str, council: str) -> None:
    """Take CLAIM back as a whole. Everybody can still see it. If part of it was right, claim that part again."""
    book = _open(council)
    made = book.store.reverse(claim_id, book.member(by, MAY_REVERSE, "take a claim back"), why)
    click.echo(f"{made.claim_id} is taken back by {made.id}.")


@ledger.command()
@click.argument("sheet_name", metavar="SHEET", type=click.Choice(["benefits", "history", "claims"]))
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="The file to write. Without it, the rows are printed.")
@council_option
@explains_errors
def export(sheet_name: str, to: Path | None, council: str) -> None:
    """Export every row of a SHEET as CSV: benefits, history or claims."""
    text = _open(council).csv(sheet_name)
    if to is None:
        click.echo(text, nl=False)
        return
    to.write_text(text, "utf-8", newline="")
    click.echo(f"{to}: {max(text.count(chr(10)) - 1, 0)} rows.")


@ledger.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@explains_errors
def replay(file: Path, as_json: bool) -> None:
    """Print what can and cannot be said about the public claims in FILE, and the honest headline. Nothing is entered in the ledger."""
    from guildhall.cli.ledger_display import replayed
    from guildhall.councils.yaml_files import YamlReader
    from guildhall.value.ledger.replay import ReplayFile

    click.echo(replayed(YamlReader().read(file, ReplayFile), as_json))


def _open(council: str) -> "Ledger":
    from guildhall.bootstrap.ledger import open_ledger

    return open_ledger(Settings(), council)


def _pairs(given: tuple[str, ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            raise click.BadParameter(f"`{each}` has no `=`: write FIELD=VALUE.", param_hint="--set")
        name = name.strip()
        found[name] = f"{found[name]}\n{value}" if name in found else value  # a list has one item a line
    return found

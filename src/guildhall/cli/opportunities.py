"""`guildhall opportunities`: workshops, the register of what could be done, scores, and the portfolio with its doubts."""

import csv
import dataclasses
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from guildhall.cli.deciding import names_of_staff, who_acts
from guildhall.cli.gaps import bar
from guildhall.cli.looking import named_option
from guildhall.cli.opening import council_option, explains_errors, open_for
from guildhall.cli.quiet import without_solver_noise
from guildhall.opportunities.roles import CHANGERS, SCORERS

if TYPE_CHECKING:
    from guildhall.bootstrap.opportunities import Opportunities

json_option = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


@click.group()
def opportunities() -> None:
    """Decide what to do next: record workshops, find opportunities in their notes, score them, and choose a portfolio."""


@opportunities.command("list")
@click.option(
    "--status",
    type=click.Choice(["proposed", "accepted", "refused", "merged"]),
    help="List only opportunities with this status. Without it, all are listed.",
)
@click.option("--directorate", default="", help="List only opportunities of this directorate.")
@council_option
@json_option
@explains_errors
def list_(status: str | None, directorate: str, council: str, as_json: bool) -> None:
    """List the register of opportunities."""
    from guildhall.opportunities.tables import row_of

    with _opened(council) as found:
        rows = [row_of(each) for each in found.register.everything()]
    rows = [row for row in rows if status in (None, row["status"]) and directorate in ("", row["directorate"])]
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else f"{row['id']}  {row['title']}\n  {row['directorate']}; {row['status']}; {row['answer'] or 'not asked yet'}; {row['hours_pa']:,} hours a year")  # fmt: skip
    if not as_json:
        click.echo(f"{len(rows)} {'opportunity' if len(rows) == 1 else 'opportunities'}.")


@opportunities.command()
@click.argument("opportunity_id", metavar="OPPORTUNITY")
@council_option
@json_option
@explains_errors
def show(opportunity_id: str, council: str, as_json: bool) -> None:
    """Show one opportunity: its details, the quotes that it comes from, what keeps it from being chosen, and its history."""
    from guildhall.opportunities.gates import barred
    from guildhall.opportunities.tables import row_of

    with _opened(council) as found:
        each = found.register.get(opportunity_id)
        row: dict[str, Any] = row_of(each) | {"problem": each.details.problem}
        row["quotes"] = [{"workshop": quote.workshop, "role": quote.role, "words": quote.text} for quote in each.quotes]
        row["barred"] = [reason.text for reason in barred(each, found.register.gates().get(each.id, {}))]
        row["scorers"] = list(found.scores.scorers(each.id))
        row["history"] = [{"id": line.id, "at": line.at.isoformat(), "by": line.by, "what": line.what, "fields": sorted(line.changed), "why": line.why} for line in found.register.history(each.id)]  # fmt: skip
    row["version"] = len(row["history"])
    if as_json:
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    click.echo(
        f"{row['title']}\n{row['problem']}\n{row['status']}; {row['directorate']}; {row['hours_pa']:,} hours a year; costs £{row['cost_pence'] / 100:,.0f}; version {row['version']}"
    )
    for quote in row["quotes"]:
        click.echo(f"  {quote['role'] or 'somebody'}: “{quote['words']}”")
    for reason in row["barred"]:
        click.echo(f"  may not be chosen: {reason}")
    names = names_of_staff()
    for line in row["history"]:
        click.echo(f"  {line['at'][:16]}  {line['what']} by {names.get(line['by'], line['by'])}{': ' + line['why'] if line['why'] else ''}")


@opportunities.command()
@click.argument("opportunity_id", metavar="OPPORTUNITY")
@click.argument("fields", nargs=-1, metavar="FIELD=VALUE…")
@click.option("--reason", default="", help="Why you are changing it. The history keeps your reason.")
@click.option("--put-back", metavar="CHANGE", default="", help="Undo this line of its history. `show --json` prints the id of each line.")
@click.option("--version", default=0, help="Change it only if it is still this version. `show` prints the version.")
@named_option
@council_option
@json_option
@explains_errors
def change(
    opportunity_id: str, fields: tuple[str, ...], reason: str, put_back: str, version: int, who: str, council: str, as_json: bool
) -> None:
    """Change the details of OPPORTUNITY, such as `volume_pa=400 depends_on=ID`. Separate the items of a list with `;`. An empty value clears a field."""
    from guildhall.opportunities.editing import FIELDS, edited, fields_of

    given = {name: value for name, _, value in (each.partition("=") for each in fields)}
    if odd := [each for each in fields if each.partition("=")[0] not in FIELDS or "=" not in each]:
        raise click.UsageError(f"`{odd[0]}` is not FIELD=VALUE; the fields are {', '.join(FIELDS)}")
    if bool(given) == bool(put_back):
        raise click.UsageError("give at least one FIELD=VALUE, or --put-back, and not both")
    by = who_acts(who, CHANGERS, "change opportunities")
    with _opened(council) as found:
        seen = version or found.register.versions([opportunity_id]).get(opportunity_id, 0)
        each = found.register.get(opportunity_id)
        if put_back:
            each = found.register.put_back(opportunity_id, put_back, by.id, found.clock())
        else:
            after, wrong = edited(each.details, given, found.titles())
            if wrong:
                raise click.UsageError("; ".join(f"{field}: {text}" for field, text in wrong.items()))
            each = found.register.change(
                opportunity_id,
                by.id,
                found.clock(),
                reason,
                seen=seen,
                **{field.name: getattr(after, field.name) for field in dataclasses.fields(after)},
            )
    shown = fields_of(each.details)
    click.echo(json.dumps(shown, ensure_ascii=False) if as_json else "\n".join(f"{name}={shown[name]!r}" for name in given or FIELDS))


@opportunities.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--service", required=True, help="Key of the service that the workshop was about.")
@click.option("--directorate", default="", help="The directorate that the service belongs to.")
@click.option("--date", "held_on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day on which it was held.")
@click.option("--facilitator", default="", help="Who led the workshop.")
@click.option("--people", default="", help="How many people came from each role, such as `Housing officer 3, Team leader 1`.")
@named_option
@council_option
@explains_errors
def workshop(file: Path, service: str, directorate: str, held_on: datetime, facilitator: str, people: str, who: str, council: str) -> None:
    """Record a workshop with its notes from FILE: a text file, a Word file or a CSV table. Personal data in the notes are masked."""
    from guildhall.opportunities.workshops import Workshop, notes_of, people_of

    by = who_acts(who, CHANGERS, "record a workshop")
    given = Workshop("", service, directorate, held_on.date(), facilitator, people_of(people), notes_of(file.name, file.read_bytes()))
    with _opened(council) as found:
        kept = found.record(given, by.id)
    click.echo(f"{kept.id}: recorded, {kept.attended} people. Next: guildhall opportunities propose {kept.id} --as NAME")


@opportunities.command()
@click.argument("workshop_id", metavar="WORKSHOP")
@named_option
@council_option
@explains_errors
def propose(workshop_id: str, who: str, council: str) -> None:
    """Find opportunities in the notes of WORKSHOP, each with the words that it comes from. People then accept them or leave them out, on the console."""
    by = who_acts(who, CHANGERS, "have opportunities proposed")
    with _opened(council) as found:
        made, failed = found.propose(workshop_id, by.id)
        for name in made:
            each = found.register.get(name)
            click.echo(f"{name}  {each.details.title}")
            for quote in each.quotes:
                click.echo(f"    {quote.role or 'somebody'}: “{quote.text}”")
    click.echo(f"{len(made)} proposed.{' The configured model did not answer, so only the embedded extractor was used.' if failed else ''}")


@opportunities.command()
@click.argument("kept", metavar="KEPT", required=False)
@click.argument("gone", metavar="OTHER", required=False)
@click.option("--reason", default="", help="Why the two are the same.")
@click.option("--as", "who", default="", help="Your name. You need it to merge two opportunities.")
@council_option
@explains_errors
def merge(kept: str | None, gone: str | None, reason: str, who: str, council: str) -> None:
    """Merge OTHER into KEPT. The quotes of both are kept, and volumes are counted once. Without either, list pairs that may be the same."""
    if not kept or not gone:
        _list_pairs(council)
        return
    if not who.strip():
        raise click.UsageError("--as is needed to merge: people decide")
    by = who_acts(who, CHANGERS, "merge opportunities")
    with _opened(council) as found:
        found.merging.merge(kept, gone, by.id, found.clock(), reason)
        click.echo(f"{found.register.get(kept).details.title}: now holds both, merged by {by.name}.")


def _list_pairs(council: str) -> None:
    with _opened(council) as found:
        titles = found.titles()
        for pair in found.pairs():
            click.echo(f"{pair.alike:.2f}{' same process' if pair.same_process else ''}\n  {pair.first}  {titles[pair.first].details.title}\n  {pair.second}  {titles[pair.second].details.title}")  # fmt: skip


@opportunities.command()
@click.argument("opportunity_id", metavar="OPPORTUNITY")
@click.argument("scores", nargs=-1, required=True, metavar="CRITERION=VALUE…")
@click.option("--comment", default="", help="A comment that is saved with each of these scores.")
@named_option
@council_option
@explains_errors
def score(opportunity_id: str, scores: tuple[str, ...], comment: str, who: str, council: str) -> None:
    """Score OPPORTUNITY from 1 to 5, such as `worth=4 load=5`. You can see other people's scores after you have given all of yours."""
    from guildhall.opportunities.scoring import spreads

    values: dict[str, tuple[int, str]] = {}
    for given in scores:
        key, _, value = given.partition("=")
        if not (value.isascii() and value.isdigit()):
            raise click.UsageError(f"`{given}` is not CRITERION=VALUE, such as worth=4")
        values[key] = (int(value), comment)
    by = who_acts(who, SCORERS, "give scores")
    with _opened(council) as found:
        found.scores.give(opportunity_id, by.id, values, found.clock())
        for spread in spreads(found.scores.of(opportunity_id, by.id)):
            click.echo(f"{spread.criterion.key}: {spread.mean:.1f} ({spread.low} to {spread.high}, {spread.scorers})")


@opportunities.command()
@click.option("--name", default="Portfolio", show_default=True, help="A name for this run.")
@click.option("--budget", default="", help="The budget, in pounds. Without it, there is no limit.")
@click.option("--at-most", default="", help="The most opportunities to choose.")
@click.option(
    "--days", "team_days", multiple=True, help="The days that a team has, such as `Digital 200`. You can use this option several times."
)
@click.option(
    "--floor",
    "floors",
    multiple=True,
    help="The fewest opportunities for a directorate, such as `Housing 3`. You can use this option several times.",
)
@click.option(
    "--ceiling",
    "ceilings",
    multiple=True,
    help="The most opportunities for a directorate, such as `Housing 12`. You can use this option several times.",
)
@click.option(
    "--weights", default="40,35,25", show_default=True, help="How much the financial, service and workforce scores count, in this order."
)
@click.option(
    "--objective",
    type=click.Choice(["points", "council_cash", "avoided_cost", "reinvested_capacity", "resident_benefit"]),
    default="points",
    show_default=True,
    help="What to get the most of: points from the scores, or one kind of worth in pounds. Pounds are counted less the percentage that the council takes off an estimate.",
)
@click.option(
    "--unvalued",
    type=click.Choice(["for_nothing", "left_out"]),
    default="for_nothing",
    show_default=True,
    help="When choosing by pounds: keep opportunities without figures and count them as worth nothing, or leave them out.",
)
@click.option(
    "--run-years",
    default="0",
    show_default=True,
    help="How many years of running costs the budget has to cover, as well as the cost of building.",
)
@click.option(
    "--draws",
    default="200",
    show_default=True,
    help="How often to choose again with weights and estimates changed by chance, to see how sure each choice is.",
)
@click.option(
    "--seed", default="1", show_default=True, help="A number that the changes by chance start from. The same number gives the same result."
)
@named_option
@council_option
@json_option
@explains_errors
def portfolio(
    name: str, budget: str, at_most: str, team_days: tuple[str, ...], floors: tuple[str, ...], ceilings: tuple[str, ...], weights: str,
    objective: str, unvalued: str, run_years: str, draws: str, seed: str, who: str, council: str, as_json: bool,
) -> None:  # fmt: skip
    """Choose a portfolio within your rules, and show how sure each choice is and what would have to be true to change it."""
    from guildhall.opportunities.asking import asked_of
    from guildhall.opportunities.scoring import Head

    form = {
        "budget": budget,
        "at_most": at_most,
        "team_days": "\n".join(team_days),
        "floors": "\n".join(floors),
        "ceilings": "\n".join(ceilings),
    }
    shares = [part.strip() for part in weights.split(",")]
    if len(shares) != len(Head):
        raise click.UsageError("--weights takes three numbers, such as 40,35,25")
    by = who_acts(who, CHANGERS, "run the portfolio")
    form |= {"objective": objective, "unvalued": unvalued, "run_years": run_years, "draws": draws, "seed": seed}
    form |= {f"weight_{head.value}": share for head, share in zip(Head, shares, strict=True)}
    with _opened(council) as found:
        asked, wrong = asked_of(form, found.haircut_percent)
        if asked is None:
            raise click.UsageError("; ".join(f"{field}: {text}" for field, text in wrong.items()))
        with bar("Choosing", as_json) as progress, without_solver_noise():
            run_id = found.choose(name, asked, by.id, progress)
        _tell(found, run_id, as_json)


@opportunities.command()
@click.option("--seed", default=1, show_default=True, help="A number that the made-up data start from. Another number makes another demo.")
@click.option("--draws", default=60, show_default=True, help="How often the demo's portfolio is chosen again by chance.")
@click.option("--beside", is_flag=True, help="Load it into a register that is not empty. Everything in it is still marked as a demo.")
@council_option
@explains_errors
def demo(seed: int, draws: int, beside: bool, council: str) -> None:
    """Load a made-up register to explore: 44 workshops and 261 opportunities, 54 of them chosen. Without --beside, it is refused if the register is not empty."""
    from guildhall.bootstrap.opportunities_demo import load_demo

    with _opened(council) as found:
        with bar("Loading the demo", False) as progress, without_solver_noise():
            loaded = load_demo(found, seed=seed, draws=draws, beside=beside, progress=progress)
        kept = found.runs.get(loaded.run)
    click.echo(
        f"Demo: {loaded.workshops} workshops, {loaded.opportunities} opportunities, {len(kept.chosen)} chosen ({kept.result['headline']})."
    )
    click.echo("Everything of it is made up and marked as a demo. See it on the console under What next.")


@opportunities.command()
@click.option(
    "--to", "file", type=click.Path(dir_okay=False, path_type=Path), help="The file to write. Without it, the register is printed."
)
@council_option
@explains_errors
def export(file: Path | None, council: str) -> None:
    """Write the register as a CSV file, without quotes and scores."""
    from guildhall.opportunities.tables import COLUMNS, row_of

    with _opened(council) as found:
        rows = [row_of(each) for each in found.register.everything()]
    target = file.open("w", encoding="utf-8", newline="") if file else sys.stdout
    try:
        writer = csv.DictWriter(target, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    finally:
        if file:
            target.close()
    if file:
        click.echo(f"{file}: {len(rows)} rows.")


def _tell(found: "Opportunities", run_id: str, as_json: bool) -> None:
    from guildhall.opportunities.objective import explained
    from guildhall.opportunities.portfolio import SOLVED_LABELS
    from guildhall.opportunities.sums import sums_of
    from guildhall.opportunities.tables import portfolio_rows, what_would_have_to_be_true
    from guildhall.vocabulary.benefits import COLUMN_LABELS

    kept = found.runs.get(run_id)
    rows = portfolio_rows(kept.result, kept.chosen, found.titles(), kept.judged, kept.asked)
    sums = sums_of(kept.judged, kept.asked.weights, kept.chosen)
    if as_json:
        click.echo(json.dumps({
            "run": run_id, "objective": kept.asked.money.column.value if kept.asked.money else "points", "solved": kept.solved.value, "gap": kept.gap,
            "headline": kept.result["headline"], "points": round(sums.points, 1), "columns_pence_pa": {column.value: pence for column, pence in sums.columns.items()},
            "not_valued": list(sums.unvalued), "rows": rows,
        }, ensure_ascii=False))  # fmt: skip
        return
    for row in rows:
        if row["chosen"] or row["contested"]:
            mark = "+" if row["chosen"] else " "
            click.echo(f"{mark} {100 * row['inclusion']:3.0f}%  {row['title']}{'' if row['valued'] else '  (not valued in pounds)'}")
            if row["contested"]:
                click.echo(f"        {what_would_have_to_be_true(row, kept.asked)}")
    label, sentence = SOLVED_LABELS[kept.solved]
    ranked = kept.result["ranked"]
    click.echo(
        f"{run_id}: {len(kept.chosen)} chosen for £{kept.result['cost_pence'] / 100:,.0f}; {kept.result['headline']}. {label}: {sentence}"
    )
    click.echo(f"As many by value alone would cost £{ranked['cost_pence'] / 100:,.0f} and break {len(kept.result['broken'])} rules.")
    click.echo(explained(kept.asked.money))
    columns = "; ".join(f"{COLUMN_LABELS[column][0].lower()} £{pence / 100:,.0f}" for column, pence in sums.columns.items())
    click.echo(f"The chosen come to {sums.points:,.0f} points. A year, as estimated, never added: {columns}.")
    if sums.unvalued:
        click.echo(
            f"{len(sums.unvalued)} of the chosen {'is' if len(sums.unvalued) == 1 else 'are'} not valued in pounds, which is not the same as worth nothing."
        )


@contextmanager
def _opened(council: str) -> "Iterator[Opportunities]":
    from guildhall.bootstrap.opportunities import open_opportunities

    guildhall = open_for(council)
    try:
        yield open_opportunities(guildhall)
    finally:
        guildhall.close()

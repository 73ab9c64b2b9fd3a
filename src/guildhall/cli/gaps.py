"""`guildhall gaps`: find what residents ask and the content does not answer, give it an owner, and ask the questions again."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from guildhall.cli.looking import as_option, looker, named_option, purpose_option
from guildhall.cli.opening import council_option, explains_errors, open_for
from guildhall.vocabulary.gaps import GAP_STATUS_LABELS, UNHELPED_LABELS, Gap, GapStatus

if TYPE_CHECKING:
    from guildhall.bootstrap.learning import Learning

json_option = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


@click.group()
def gaps() -> None:
    """Content gaps: what is asked and not answered, who sees to it, and what the mending brought."""


@gaps.command()
@council_option
@json_option
@explains_errors
def find(council: str, as_json: bool) -> None:
    """Look for gaps in what happened since the last look."""
    from guildhall.bootstrap.learning_work import LOOK, look

    with _learning(council) as learning, bar("Looking for gaps", as_json) as progress:
        found = learning.work.do(LOOK, learning.guildhall.profile.slug, "", look(learning), progress).result
    if as_json:
        click.echo(json.dumps(dict(found)))
        return
    click.echo(
        f"{found['questions']} new questions that were not answered, {found['in_gaps']} of them in a gap; {found['new_gaps']} new gaps."
    )


@gaps.command("list")
@click.option(
    "--status", type=click.Choice([status.value for status in GapStatus]), help="Only these; all that are not finished when left out."
)
@council_option
@json_option
@explains_errors
def list_(status: str | None, council: str, as_json: bool) -> None:
    """List the gaps, those that most people ask about first."""
    from guildhall.learning.demand import Demand

    with _learning(council) as learning:
        demand = learning.demands()
        shown = [gap for gap in learning.gaps.gaps() if (gap.status.value == status if status else gap.unfinished)]
        shown.sort(key=lambda gap: (-demand.get(gap.id, Demand()).lately, gap.id))
        rows = [_row(learning, gap, demand.get(gap.id, Demand())) for gap in shown]
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['id']}  {row['title']}\n  {row['conversations_in_4_weeks']} conversations in 4 weeks ({row['trend']}), {row['conversations']} in all; "
                   f"{row['status_name']}; {row['owner'] or 'nobody yet'}; due {row['due_on'] or '–'}{'; the page has changed, ask again' if row['content_changed'] else ''}")  # fmt: skip
    click.echo(f"{len(rows)} {'gap' if len(rows) == 1 else 'gaps'}.")


@gaps.command()
@click.argument("gap_id", metavar="GAP")
@click.option("--words", is_flag=True, help="Show what was asked, masked; that you looked is recorded.")
@as_option
@purpose_option("improving the content")
@council_option
@json_option
@explains_errors
def show(gap_id: str, words: bool, who: str, purpose: str, council: str, as_json: bool) -> None:
    """Show one gap: its demand, its questions, and who did what."""
    from guildhall.learning.demand import Demand

    with _learning(council) as learning:
        gap = learning.gaps.get(gap_id)
        asked = learning.gaps.questions(gap_id)
        opened = learning.opened(looker(who, purpose), asked) if words else {}
        row = _row(learning, gap, learning.demands().get(gap_id, Demand()))
        row["questions"] = [
            {"turn": one.turn_id, "at": one.at.isoformat(), "why": one.why.value, "language": one.language}
            | ({"words": opened.get((one.turn_id, one.part))} if words else {})
            for one in asked
        ]
        row["history"] = [{"at": e.at.isoformat(), "event": e.kind.value, **e.facts} for e in learning.history(gap_id)]
    click.echo(json.dumps(row, ensure_ascii=False) if as_json else _in_words(row))


@gaps.command()
@click.argument("gap_id", metavar="GAP")
@click.option("--to", "owner", default=None, help="Name or id of the member of staff who sees to it.")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), help="By when.")
@click.option("--page", default=None, help="Id of the page concerned, as `guildhall knowledge list --json` shows it.")
@named_option
@council_option
@explains_errors
def assign(gap_id: str, owner: str | None, due: datetime | None, page: str | None, who: str, council: str) -> None:
    """Give a gap an owner, a date or the page concerned."""
    from guildhall.storage.staff import StaffStore

    with _learning(council) as learning:
        values: dict[str, Any] = {"due_on": due.date()} if due else {}
        if owner is not None:
            values["owner"] = StaffStore(learning.guildhall.database).by_name(owner).id
        if not values and page is None:
            raise click.UsageError("give at least one of --to, --due and --page")
        if page is not None and page not in learning.page_titles():
            raise click.BadParameter(f"`{page}` is no page of this council", param_hint="--page")
        if values:
            learning.gaps.change(gap_id, who, learning.clock(), **values)
        if page is not None:
            learning.link(gap_id, page, who)
        click.echo(f"{learning.title(learning.gaps.get(gap_id))}: changed by {who}.")


@gaps.command()
@click.argument("gap_id", metavar="GAP")
@click.option("--status", type=click.Choice(["fixed", "will_not_fix"]), required=True, help="How it ends.")
@click.option("--reason", default="", help="Why it will not be fixed; needed for that.")
@named_option
@council_option
@explains_errors
def close(gap_id: str, status: str, reason: str, who: str, council: str) -> None:
    """Say that a gap is fixed, or that it will not be and why."""
    if status == GapStatus.WILL_NOT_FIX and not reason.strip():
        raise click.UsageError("--reason is needed when a gap will not be fixed")
    with _learning(council) as learning:
        learning.gaps.change(gap_id, who, learning.clock(), status=GapStatus(status), reason=reason.strip())
        click.echo(f"{learning.title(learning.gaps.get(gap_id))}: {GAP_STATUS_LABELS[GapStatus(status)][0].lower()}, by {who}.")


@gaps.command()
@click.argument("gap_id", metavar="GAP")
@named_option
@council_option
@json_option
@explains_errors
def rerun(gap_id: str, who: str, council: str, as_json: bool) -> None:
    """Ask a gap's questions again through the whole turn, keeping nothing, and show what changed."""
    from guildhall.bootstrap.learning_work import RERUN
    from guildhall.bootstrap.learning_work import rerun as asking

    with _learning(council) as learning, bar("Asking again", as_json) as progress:
        learning.gaps.get(gap_id)
        result = learning.work.do(RERUN, gap_id, who, asking(learning, gap_id, who), progress).result
    if as_json:
        click.echo(json.dumps(dict(result), ensure_ascii=False))
        return
    for one in result["results"]:
        click.echo(
            f"  {one['turn_id']}  {one['before']} → {'answered' if one['answered'] else one['now']}{', from the page concerned' if one['new_page'] else ''}"
        )
    gone = f" {result['gone']} could not be asked: their words were erased." if result["gone"] else ""
    click.echo(
        f"0 of {result['asked']} → {result['answered']} of {result['asked']} answered, with version {result['version']} of the content.{gone}"
    )


@contextmanager
def _learning(council: str) -> "Iterator[Learning]":
    from guildhall.bootstrap.learning import open_learning

    guildhall = open_for(council)
    try:
        yield open_learning(guildhall)
    finally:
        guildhall.close()


@contextmanager
def bar(what: str, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on the error stream."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), disable=quiet, transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _row(learning: "Learning", gap: Gap, demand: Any) -> dict[str, Any]:
    staff = {member.id: member.name for member in _staff(learning)}
    due: date | None = gap.due_on
    return {
        "id": gap.id,
        "title": learning.title(gap),
        "status": gap.status.value,
        "status_name": GAP_STATUS_LABELS[gap.status][0].lower(),
        "owner": staff.get(gap.owner, gap.owner),
        "due_on": due.isoformat() if due else "",
        "page": gap.page,
        "content_changed": learning.content_changed(gap),
        "conversations": demand.conversations,
        "conversations_in_4_weeks": demand.lately,
        "conversations_in_the_4_before": demand.before,
        "trend": demand.trend,
        "share": demand.share,
        "weeks": list(demand.weeks),
        "languages": dict(demand.languages),
        "channels": dict(demand.channels),
        "people_brought": demand.people_brought,
    }


def _staff(learning: "Learning") -> Any:
    from guildhall.storage.staff import StaffStore

    return StaffStore(learning.guildhall.database).everyone()


def _in_words(row: dict[str, Any]) -> str:
    told = [
        row["title"],
        f"{row['status_name']}; {row['owner'] or 'nobody yet'}; due {row['due_on'] or '–'}; page {row['page'] or 'none chosen'}",
    ]
    told.append(
        f"{row['conversations_in_4_weeks']} conversations in 4 weeks, {row['conversations_in_the_4_before']} before, {row['people_brought']} brought a person in"
    )
    for one in row["questions"]:
        words = f": {one['words'] or '(erased)'}" if "words" in one else ""
        told.append(f"  {one['at'][:16]}  {one['turn']}  {UNHELPED_LABELS[one['why']][0].lower()}, {one['language']}{words}")
    return "\n".join(told)

"""`guildhall rights`: requests about somebody's own data and complaints, with their clocks, checks and copies."""

import json
from datetime import datetime, timedelta

import click

from guildhall.bootstrap.rights import Rights, open_rights
from guildhall.cli.looking import as_option, looker, named_option, purpose_option
from guildhall.cli.opening import council_option, explains_errors
from guildhall.records.clocks import end_of
from guildhall.records.held_lines import Line
from guildhall.records.requests import Asked, RightsRequest, Step
from guildhall.settings import Settings
from guildhall.vocabulary.rights import RIGHTS_LABELS, STEP_LABELS, Answer, RightsKind, RightsStep

STEPS = [step.value for step in RightsStep if step not in (RightsStep.EXPORTED, RightsStep.LINKED)]


@click.group()
def rights() -> None:
    """Requests about somebody's own data, and complaints, each with the clock the law sets."""


@rights.command()
@click.argument("kind", type=click.Choice([kind.value for kind in RightsKind]))
@click.option("--about", "targets", multiple=True, metavar="REFERENCE|CONVERSATION", help="What it is about. May be repeated.")
@click.option("--received-on", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The day it came, if not today.")
@click.option("--text", default="", help="What was asked, in the person's words; stored sealed.")
@click.option("--name", default="", help="Who asks; stored sealed.")
@click.option("--contact", default="", help="How to reach them safely; stored sealed.")
@click.option("--via", type=click.Choice(["letter", "email", "phone", "desk"]), default="letter", show_default=True, help="How it came.")
@named_option
@council_option
@explains_errors
def register(
    kind: str, targets: tuple[str, ...], received_on: datetime | None, text: str, name: str, contact: str, via: str, who: str, council: str
) -> None:
    """Register a request that came by letter, phone or at the desk. The clock runs from the day it came."""
    opened = open_rights(Settings(), council)
    about = [c for target in targets for c in opened.journal.find(target)]
    received = _received(opened, received_on)
    made = opened.requests.register(RightsKind(kind), Asked(text, name, contact, via), about, received, who)
    click.echo(f"{made.reference}  {RIGHTS_LABELS[made.kind][0]}")
    _clocks(opened, made)
    opened.close()


def _received(opened: Rights, day: datetime | None) -> datetime | None:
    """The first moment of the day, so that the clock is never too kind to us; now, for today."""
    now = opened.memory.clock()
    if day is None or day.date() == now.astimezone(opened.terms.zone).date():
        return None
    return end_of(day.date() - timedelta(days=1), opened.terms.zone) + timedelta(seconds=1)


@rights.command("list")
@click.option("--all", "closed_too", is_flag=True, help="Show answered requests too.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@council_option
@explains_errors
def list_(closed_too: bool, as_json: bool, council: str) -> None:
    """List requests with their clocks, what is overdue or due soonest first. Exit code 1 when anything is overdue."""
    opened = open_rights(Settings(), council)
    now = opened.memory.clock()
    rows = [(request, opened.clocks(request)) for request in opened.requests.all(closed=closed_too)]
    far = now + timedelta(days=10_000)
    rows.sort(key=lambda row: min((c.due_at or far for c in row[1] if c.done_at is None), default=far))
    overdue = sum(any(clock.late(now) and clock.done_at is None for clock in clocks) for _, clocks in rows)
    if as_json:
        shown = [
            {
                "reference": request.reference,
                "kind": request.kind.value,
                "received_at": request.received_at.isoformat(),
                "closed_at": request.closed_at.isoformat() if request.closed_at else None,
                "clocks": [
                    {
                        "what": clock.what,
                        "due_at": clock.due_at.isoformat() if clock.due_at else None,
                        "done_at": clock.done_at.isoformat() if clock.done_at else None,
                        "late": clock.late(now),
                    }
                    for clock in clocks
                ],
            }
            for request, clocks in rows
        ]
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        for request, clocks in rows:
            words = "; ".join(clock.in_words(now) for clock in clocks)
            click.echo(f"{request.reference}  {RIGHTS_LABELS[request.kind][0]}  received {request.received_at:%d %b %Y}  {words}")
        click.echo(f"{len(rows)} requests, {overdue} overdue." if rows else "No request is open.")
    opened.close()
    if overdue:
        raise SystemExit(1)


@rights.command()
@click.argument("reference")
@as_option
@purpose_option("answering a rights request")
@council_option
@explains_errors
def show(reference: str, who: str, purpose: str, council: str) -> None:
    """Show a request with its words, steps and clocks. Whoever looks is recorded."""
    opened = open_rights(Settings(), council)
    request = opened.requests.get(reference)
    asked = opened.views.request_words(looker(who, purpose), request, opened.requests)
    click.echo(f"{request.reference}  {RIGHTS_LABELS[request.kind][0]}: {RIGHTS_LABELS[request.kind][1]}")
    click.echo(f"  {asked.name or 'No name given'}; {asked.contact or 'no contact given'}; by {asked.via or 'web'}")
    click.echo(f"  {asked.text or 'No words were kept.'}")
    click.echo(f"  About: {', '.join(request.conversations) or 'no conversation linked yet'}")
    for step in request.steps:
        answer = "" if step.answer == Answer.DONE else f": {step.answer.replace('_', ' ')}"
        click.echo(f"  {step.at:%d %b %Y}  {STEP_LABELS[step.step][0]}{answer}, {step.by}{f' ({step.note})' if step.note else ''}")
    _clocks(opened, request)
    opened.close()


@rights.command()
@click.argument("reference")
@click.argument("targets", nargs=-1, required=True, metavar="REFERENCE|CONVERSATION…")
@named_option
@council_option
@explains_errors
def link(reference: str, targets: tuple[str, ...], who: str, council: str) -> None:
    """Link conversations to a request, as this person's: their keys are put under one key. Checks made before count no longer."""
    opened = open_rights(Settings(), council)
    found = [c for target in targets for c in opened.journal.find(target)]
    request = opened.requests.link(reference, found, who)
    click.echo(f"{request.reference} is about {len(request.conversations)} conversations of one person now.")
    opened.close()


@rights.command()
@click.argument("reference")
@click.argument("step", type=click.Choice(STEPS))
@click.option("--answer", type=click.Choice(["safe", "not_safe"]), default=None, help="The outcome, for the three checks.")
@click.option(
    "--withhold",
    multiple=True,
    metavar="ID",
    help="What must not be handed over, by the id that `transcript` shows; `ID:2` is one line. May be repeated.",
)
@click.option(
    "--release", multiple=True, metavar="ID", help="What is held back until now, and may be handed over: serious-harm review only."
)
@click.option("--note", default="", help="A note for the file; stored sealed.")
@named_option
@council_option
@explains_errors
def step(
    reference: str, step: str, answer: str | None, withhold: tuple[str, ...], release: tuple[str, ...], note: str, who: str, council: str
) -> None:
    """Record a step: acknowledged, identity_checked, extended, one of the three checks, or answered."""
    opened = open_rights(Settings(), council)
    if unknown := opened.access.unknown((*withhold, *release), opened.requests.get(reference).conversations):
        raise click.ClickException(
            f"nothing in the linked conversations is called {unknown[0]}; `guildhall rights transcript` shows the ids."
        )
    taken = Step(RightsStep(step), Answer(answer or Answer.DONE), who, opened.memory.clock(), note, withhold, release)
    request = opened.requests.take(reference, taken)
    click.echo(f"{request.reference}: {STEP_LABELS[taken.step][0].lower()}, by {who}.")
    _clocks(opened, request)
    opened.close()


@rights.command()
@click.argument("reference")
@named_option
@purpose_option("subject access")
@council_option
@explains_errors
def export(reference: str, who: str, purpose: str, council: str) -> None:
    """Make the copy for an access request. It cannot be made until all three checks are recorded and safe."""
    opened = open_rights(Settings(), council)
    folder = opened.access.export(reference, looker(who, purpose))
    click.echo(f"The copy is in {folder}. Hand it over as the safe-delivery check says, then record `answered`.")
    opened.close()


@rights.command()
@click.argument("target", metavar="REFERENCE|CONVERSATION")
@as_option
@click.option("--purpose", required=True, help="What you look at it for, as it will stand in the record.")
@council_option
@explains_errors
def transcript(target: str, who: str, purpose: str, council: str) -> None:
    """Read all that is held of a conversation, with the ids that the checks need. Whoever looks is recorded."""
    opened = open_rights(Settings(), council)
    for conversation_id in opened.journal.find(target):
        held = opened.access.review(looker(who, purpose), conversation_id)
        click.secho(conversation_id, bold=True)
        for turn in held.turns:
            click.echo(f"{turn.id}  {turn.at:%d %b %Y %H:%M}\n  Resident: {turn.utterance or '(erased)'}")
            click.echo("\n".join(f"  {text}" for text in turn.reply.splitlines()))
        for line in held.lines:
            _line(line)
        for row in held.callbacks:
            click.echo(
                f"{row['reference']}  Request for a person: {row.get('name', '')} {row.get('phone', '')} {row.get('needs', '')}".rstrip()
            )
    opened.close()


def _line(line: Line) -> None:
    """What a copy would hold of it. Lines are numbered, so that one can be withheld alone."""
    flags = f"{' [staff note]' if line.staff else ''}{' [held back unless released]' if line.held_back else ''}"
    click.echo(f"{line.id}  {line.at:%d %b %Y %H:%M}{flags}  {line.what}{f', {line.by}' if line.by else ''}")
    for number, text in enumerate(line.text.splitlines(), 1):
        click.echo(f"  {number}: {text}")


def _clocks(opened: Rights, request: RightsRequest) -> None:
    for clock in opened.clocks(request):
        click.echo(f"  {clock.in_words(opened.memory.clock())}")

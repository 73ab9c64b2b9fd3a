"""`guildhall ask`: one turn from the command line, the same turn as on the web."""

import json

import click

from guildhall.cli.opening import council_option, explains_errors, open_for
from guildhall.conversations.recording import facts_of_turn, part_as_json
from guildhall.conversations.runner import collect_turn
from guildhall.vocabulary.outcomes import OUTCOME_LABELS, REASON_LABELS
from guildhall.vocabulary.turns import Channel, Turn, Utterance


@click.command()
@click.argument("text")
@council_option
@click.option("--channel", type=click.Choice(["web", "phone"]), default="web", show_default=True, help="Channel the words came by.")
@click.option("--lang", default="", help="Language the resident chose, as a two-letter code.")
@click.option("--json", "as_json", is_flag=True, help="Print everything about the turn as JSON.")
@explains_errors
def ask(text: str, council: str, channel: str, lang: str, as_json: bool) -> None:
    """Ask TEXT as a resident would, and print the reply with its sources."""
    guildhall = open_for(council)
    house = guildhall.house
    conversation, _ = guildhall.conversations.start(Channel(channel), lang, house.clock())
    turn = collect_turn(house, conversation, Utterance(text, Channel(channel), house.clock(), lang))
    if as_json:
        body = facts_of_turn(turn) | {
            "conversation": turn.conversation_id,
            "turn": turn.id,
            "reply": [part_as_json(p) for p in turn.reply.parts],
        }
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    else:
        _print(turn, guildhall.profile.council.website)
    guildhall.close()


def _print(turn: Turn, website: str) -> None:
    asked = ""
    for part in turn.reply.parts:
        if part.question and part.question != asked:
            asked = part.question
            click.secho(f"\n› {part.question}", bold=True)
        click.echo(f"\n{part.text}")
        for option in part.options:
            click.echo(f"  · {option.label}")
    if turn.reply.citations:
        click.secho("\nSources", bold=True)
    for citation in turn.reply.citations:
        section = f" – {citation.section}" if citation.section else ""
        dated = f" (updated {citation.updated})" if citation.updated else ""
        url = f"{website}{citation.url}" if citation.url.startswith("/") else citation.url
        click.echo(f"  {citation.title}{section}{dated} {url}")
    outcome, reason = OUTCOME_LABELS[turn.outcome][0], REASON_LABELS[turn.reason][0]
    rules = ", ".join(dict.fromkeys(f"{rule.id}@{rule.version}" for decision in turn.decisions for rule in decision.rules))
    click.secho(
        f"\n[{outcome}: {reason.lower()}; language {turn.language.language}; person {turn.reply.person}{f'; rules {rules}' if rules else ''}]",
        dim=True,
    )

"""`guildhall erase`: what somebody said, once a named officer decided so."""

import json

import click

from guildhall.bootstrap.rights import Rights, open_rights
from guildhall.cli.knowledge_display import progress_bar
from guildhall.cli.opening import council_option, explains_errors
from guildhall.records.erasing import Proposal
from guildhall.records.erasures import Certificate
from guildhall.settings import Settings
from guildhall.vocabulary.errors import RefusedError


@click.command()
@click.argument("targets", nargs=-1, metavar="REFERENCE|CONVERSATION…")
@council_option
@click.option("--decide", type=click.Choice(["erase", "refuse"]), help="The decision; left out, what would be erased is only shown.")
@click.option("--as", "who", default="", help="Name of who decides, as it will stand in the record and the certificate.")
@click.option("--reason", default="", help="Why, in a sentence, without anybody's personal details.")
@click.option("--rule", default="UK GDPR Article 17, decided by an officer", show_default=True, help="Under which rule.")
@click.option("--resume", is_flag=True, help="Finish erasures that were cut short.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@explains_errors
def erase(
    targets: tuple[str, ...], council: str, decide: str | None, who: str, reason: str, rule: str, resume: bool, as_json: bool
) -> None:
    """Erase the words behind a reference, a conversation, or the reference of a rights request.

    Without --decide nothing is changed: what would be erased is shown, with what an officer should weigh. A hold refuses every erasure.
    """
    rights = open_rights(Settings(), council)
    try:
        if resume:
            with progress_bar("Erasing") as progress:
                certificates = rights.erasing.resume(progress)
            _show(rights, certificates, as_json)
            return
        if not targets:
            raise RefusedError("name what to erase: a reference, a conversation or a request; or give --resume.")
        found = tuple(dict.fromkeys(c for target in targets for c in rights.journal.find(target)))
        if decide is None:
            _propose(rights.erasing.propose(found), as_json)
        elif decide == "refuse":
            rights.erasing.refuse(found, reason, who)
            click.echo("Recorded: the erasure is refused, and nothing was erased. Tell the person why, and that they may complain.")
        else:
            erasure = rights.erasing.decide(found, rule, reason, who)
            with progress_bar("Erasing") as progress:
                certificate = rights.erasing.carry_out(erasure, progress)
            _show(rights, (certificate,), as_json)
    finally:
        rights.close()


def _propose(proposal: Proposal, as_json: bool) -> None:
    if as_json:
        holds = [{"id": hold.id, "kind": hold.kind.value, "target": hold.target} for hold in proposal.holds]
        concerns = [{"conversation": concern.conversation_id, "what": concern.what} for concern in proposal.concerns]
        shown = {"conversations": proposal.conversations, "holds": holds, "concerns": concerns, "gone": sorted(proposal.gone_already)}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    click.echo("Nothing is erased yet. This would be:")
    for conversation_id in proposal.conversations:
        click.echo(f"  {conversation_id}{' (its words are gone already)' if conversation_id in proposal.gone_already else ''}")
    for hold in proposal.holds:
        click.echo(f"  HELD: {hold.in_words}")
    for concern in proposal.concerns:
        click.echo(f"  Weigh: {concern.conversation_id}: {concern.what}")
    click.echo(
        "Erasure is not always granted (UK GDPR Article 17(3)). To decide, add --decide erase or --decide refuse, --as and --reason."
    )


def _show(rights: Rights, certificates: tuple[Certificate, ...], as_json: bool) -> None:
    if not certificates and not as_json:
        click.echo("No erasure was cut short.")
    for certificate in certificates:
        path = rights.keep_certificate(certificate)
        click.echo(certificate.as_json if as_json else certificate.as_text)
        click.echo(f"The certificate is kept at {path}", err=True)
    if not all(certificate.clean for certificate in certificates):
        raise SystemExit(1)

"""`guildhall value`: what a council's contacts came to, what they were before, what a change made of it, and what it was worth."""

import click

from guildhall.cli.value_audit import audit
from guildhall.cli.value_baselines import baseline
from guildhall.cli.value_evaluate import evaluate, power
from guildhall.cli.value_evidence import evidence
from guildhall.cli.value_ladder import export, ladder
from guildhall.cli.value_ledger import ledger
from guildhall.cli.value_measures import compute, measures, publish, published, recompute
from guildhall.cli.value_summary import summary
from guildhall.cli.value_trials import trial


@click.group()
def value() -> None:
    """Measures, baselines, evaluations and the benefits ledger."""


for _command in (
    export,
    ladder,
    measures,
    compute,
    publish,
    published,
    recompute,
    baseline,
    evaluate,
    power,
    audit,
    evidence,
    ledger,
    trial,
    summary,
):
    value.add_command(_command)

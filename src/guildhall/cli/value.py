"""`guildhall value`: what a council's contacts came to, what they were before, and what a change made of it."""

import click

from guildhall.cli.value_baselines import baseline
from guildhall.cli.value_evaluate import evaluate, power


@click.group()
def value() -> None:
    """Measures, baselines and evaluations."""


for _command in (baseline, evaluate, power):
    value.add_command(_command)

"""The command line: `guildhall …`. Each command lives in a module of its own and is imported only when it is called."""

import importlib
import os

import click

# A turn's matrices are small, and many turns share the cores: one thread each is quickest. Set before numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

COMMANDS = {
    "ask": "guildhall.cli.ask:ask",
    "evaluate": "guildhall.cli.evaluate:evaluate",
    "knowledge": "guildhall.cli.knowledge:knowledge",
    "council": "guildhall.cli.council:council",
    "serve": "guildhall.cli.serve:serve",
    "prepare": "guildhall.cli.prepare:prepare",
    "train": "guildhall.cli.train:train",
    "callbacks": "guildhall.cli.callbacks:callbacks",
    "switch": "guildhall.cli.switch:switch",
    "simulate": "guildhall.cli.simulate:simulate",
    "log": "guildhall.cli.log:log",
    "verify": "guildhall.cli.verify:verify",
    "database": "guildhall.cli.database:database",
    "policy": "guildhall.cli.policy:policy",
    "board": "guildhall.cli.board:board",
    "erase": "guildhall.cli.erase:erase",
    "hold": "guildhall.cli.hold:hold",
    "retention": "guildhall.cli.retention:retention",
    "rights": "guildhall.cli.rights:rights",
    "backup": "guildhall.cli.backup:backup",
    "papers": "guildhall.cli.papers:papers",
    "staff": "guildhall.cli.staff:staff",
    "adviser": "guildhall.cli.adviser:adviser",
    "desk": "guildhall.cli.desk:desk",
    "notifications": "guildhall.cli.notifications:notifications",
    "safeguarding": "guildhall.cli.safeguarding:safeguarding",
    "fairness": "guildhall.cli.fairness:fairness",
    "gaps": "guildhall.cli.gaps:gaps",
    "lexicon": "guildhall.cli.lexicon:lexicon",
    "cases": "guildhall.cli.cases:cases",
    "recordings": "guildhall.cli.recordings:recordings",
    "phone": "guildhall.cli.phone:phone",
    "supervision": "guildhall.cli.supervision:supervision",
    "value": "guildhall.cli.value:value",
    "opportunities": "guildhall.cli.opportunities:opportunities",
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and loads one only when it runs, so that `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in alphabetical order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, loaded now."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.command(cls=LazyGroup)
@click.version_option(package_name="guildhall")
def main() -> None:
    """Guildhall: one AI operating model for a council."""

"""`guildhall policy`: read the rules in force, and take a change of them from the first look to in force."""

import importlib

import click

COMMANDS = {
    "show": "policy_reading:show",
    "explain": "policy_reading:explain",
    "review": "policy_reading:review",
    "files": "policy_reading:files",
    "propose": "policy_testing:propose",
    "check": "policy_testing:check",
    "replay": "policy_testing:replay",
    "shadow": "policy_testing:shadow",
    "statement": "policy_deciding:statement",
    "sign": "policy_deciding:sign",
    "canary": "policy_deciding:canary",
    "activate": "policy_deciding:activate",
    "rollback": "policy_deciding:rollback",
    "emergency": "policy_deciding:emergency",
    "ratify": "policy_deciding:ratify",
    "withdraw": "policy_deciding:withdraw",
    "set": "policy_deciding:set_knob",
}


class PolicyGroup(click.Group):
    """The commands in the order of a change's life, each loaded when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of a change's life."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, loaded now."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(f"guildhall.cli.{module}"), attribute)
        return command


@click.command(cls=PolicyGroup)
def policy() -> None:
    """Read the rules, and change them safely."""

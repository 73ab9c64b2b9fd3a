"""Options by which a person says who they are: a name, and the key file that proves it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guildhall.governance.signing import is_protected, read_key

Command = Callable[..., Any]


def as_option(command: Command) -> Command:
    """`--as NAME`, handed over as `name`."""
    return click.option("--as", "name", required=True, metavar="NAME", help="Who you are, as you were enrolled.")(command)


def key_option(command: Command) -> Command:
    """`--key FILE`, handed over as `key_file`."""
    return click.option(
        "--key",
        "key_file",
        required=True,
        type=click.Path(dir_okay=False, path_type=Path),
        help="Your private key file, which proves that it is you.",
    )(command)


def why_option(command: Command) -> Command:
    """`--why SENTENCE`."""
    return click.option("--why", required=True, metavar="SENTENCE", help="The reason, for the record.")(command)


def opened(key_file: Path) -> Ed25519PrivateKey:
    """The key of a file; asks for its passphrase when it has one."""
    passphrase = click.prompt(f"Passphrase of {key_file}", hide_input=True) if is_protected(key_file) else ""
    return read_key(key_file, passphrase)

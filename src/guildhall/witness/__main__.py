"""`guildhall-witness`: make a key, or serve."""

import argparse
import base64
import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from guildhall.records.checkpoints import OPERATOR, SEED_BYTES, WITNESS, NoteError, Signer, parse_key, read_seed
from guildhall.witness.memory import Memory
from guildhall.witness.serving import Witness, serve


def main(arguments: Sequence[str] | None = None) -> int:
    """The program."""
    given = _parser().parse_args(arguments)
    try:
        return _make_key(given.name, given.key) if given.command == "key" else _serve(given)
    except (NoteError, OSError) as error:
        sys.stderr.write(f"guildhall-witness: {error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="guildhall-witness", description="Cosigns a council's record while it only grows.")
    commands = parser.add_subparsers(dest="command", required=True)
    key = commands.add_parser("key", help="Make a key once, and print its public half for the council and its auditors.")
    served = commands.add_parser("serve", help="Answer the log's requests until stopped.")
    for command in (key, served):
        command.add_argument("--name", required=True, help="Name of this witness, such as audit.example/witness.")
        command.add_argument("--key", type=Path, required=True, help="File of the private key; only this program may read it.")
    served.add_argument("--log", action="append", required=True, help="Public key of a log to witness, as `guildhall log key` prints it.")
    served.add_argument("--memory", type=Path, required=True, help="Folder for the last checkpoint of each log. Never lose it.")
    served.add_argument("--host", default="127.0.0.1", help="Address to listen on.")
    served.add_argument("--port", type=int, default=8090, help="Port to listen on.")
    return parser


def _make_key(name: str, path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(base64.b64encode(secrets.token_bytes(SEED_BYTES)).decode() + "\n")
    print(_signer(name, path).key(WITNESS).text)
    return 0


def _serve(given: argparse.Namespace) -> int:
    keys = [parse_key(text) for text in given.log]
    if wrong := [key.name for key in keys if key.kind != OPERATOR]:
        raise NoteError(f"the key of {wrong[0]} is a witness's; give the key that `guildhall log key` prints")
    signer = _signer(given.name, given.key)
    memory = Memory(given.memory)
    for key in keys:
        memory.seen(key.name)  # a damaged file is said now, not at the first request
    server = serve(Witness(signer, {key.name: key for key in keys}, memory), given.host, given.port)
    print(f"Witnessing {', '.join(key.name for key in keys)} at http://{given.host}:{server.server_address[1]}", flush=True)
    print(f"Public key: {signer.key(WITNESS).text}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
    return 0


def _signer(name: str, path: Path) -> Signer:
    return Signer(name, read_seed(path.read_text("ascii"), str(path)))


if __name__ == "__main__":
    sys.exit(main())

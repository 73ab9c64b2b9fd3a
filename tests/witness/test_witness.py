"""A witness cosigns what only grew, remembers it across restarts, and refuses the rest with the status C2SP names."""

import base64
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from guildhall.providers.witnesses.tlog_witness import TlogWitness, WitnessConflictError
from guildhall.records.checkpoints import WITNESS, NoteError, SignedNote, Signer, parse_note
from guildhall.records.merkle import LeavesInMemory, consistency_path
from guildhall.vocabulary.errors import ProviderError
from guildhall.witness.__main__ import main
from guildhall.witness.memory import Memory
from guildhall.witness.serving import Answer, Witness, serve
from tests.records.logs import AUDIT, LOG, OPERATOR_KEY, WITNESS_KEY, Log, made_log

GROWN = made_log(20, every=1)
OTHER = made_log(20, every=1, seed="b")


def witness_in(folder: Path) -> Witness:
    return Witness(AUDIT, {LOG.name: OPERATOR_KEY}, Memory(folder), clock=lambda: 1_795_600_000.9)


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return witness_in(tmp_path)


def asks(old: int, new: int, log: Log = GROWN, proof_from: Log | None = None) -> bytes:
    note = SignedNote(log.notes[new - 1].body, log.notes[new - 1].lines[:1])
    path = consistency_path(LeavesInMemory((proof_from or log).leaves), old, new)
    lines = "".join(base64.b64encode(step).decode() + "\n" for step in path)
    return f"old {old}\n{lines}\n{note.text}".encode()


def test_a_log_that_grows_is_cosigned_each_time(witness: Witness) -> None:
    for old, new in ((0, 3), (3, 3), (3, 8), (8, 20)):
        answer = witness.add_checkpoint(asks(old, new))
        assert answer.status == 200
        note = GROWN.notes[new - 1].with_lines([answer.body])
        assert SignedNote(note.body, (answer.body,)).signed_at(WITNESS_KEY) == 1_795_600_000
    held = parse_note(witness.checkpoint(LOG.name).body)
    assert held.signed_at(OPERATOR_KEY) == 0
    assert held.signed_at(WITNESS_KEY) == 1_795_600_000
    assert held.body == GROWN.notes[19].body


def test_a_shorter_log_is_a_conflict_that_says_what_is_held(witness: Witness) -> None:
    witness.add_checkpoint(asks(0, 8))
    for body in (asks(0, 3), asks(3, 3), asks(5, 12), asks(0, 8)):
        assert witness.add_checkpoint(body) == Answer(409, "8\n", "text/x.tlog.size")


def test_a_forked_log_is_never_cosigned(witness: Witness) -> None:
    witness.add_checkpoint(asks(0, 8))
    assert witness.add_checkpoint(asks(8, 12, OTHER)).status == 422
    assert witness.add_checkpoint(asks(8, 12, OTHER, proof_from=GROWN)).status == 422
    assert witness.add_checkpoint(asks(8, 8, OTHER)).status == 409
    assert "8\n" in witness.checkpoint(LOG.name).body


def test_a_proof_that_is_wrong_or_too_much_is_refused(witness: Witness) -> None:
    witness.add_checkpoint(asks(0, 8))
    lines = asks(8, 12).decode().split("\n")
    assert witness.add_checkpoint("\n".join([lines[0], *lines[2:]]).encode()).status == 422
    assert witness.add_checkpoint("\n".join([lines[0], lines[1], *lines[1:]]).encode()).status == 422
    assert witness_in(Path(witness.memory.folder) / "new").add_checkpoint("\n".join(["old 0", *lines[1:]]).encode()).status == 422


def test_an_unknown_log_is_not_found_and_a_wrong_signature_is_forbidden(witness: Witness) -> None:
    body = asks(0, 3)
    assert witness.add_checkpoint(body.replace(b"council.example", b"another.example")).status == 404
    forged = Signer(LOG.name, bytes(32)).sign(GROWN.notes[2].body)
    assert witness.add_checkpoint(f"old 0\n\n{SignedNote(GROWN.notes[2].body, (forged,)).text}".encode()).status == 403
    assert witness.add_checkpoint(body.replace(b"\n3\n", b"\n4\n")).status == 403
    assert witness.checkpoint(LOG.name).status == 404


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"old x\n\n", b"old 01\n\n", b"old 0\nnot base64\n\n" + asks(0, 3)[7:], b"old 0\n" + b"A\n" * 64]
)
def test_what_is_no_request_is_a_bad_one(witness: Witness, body: bytes) -> None:
    assert witness.add_checkpoint(body).status == 400


def test_an_old_size_beyond_the_checkpoint_is_a_bad_request(witness: Witness) -> None:
    assert witness.add_checkpoint(asks(3, 3).replace(b"old 3", b"old 4")).status == 400


def test_a_witness_remembers_across_restarts_and_refuses_with_a_damaged_memory(tmp_path: Path) -> None:
    witness_in(tmp_path).add_checkpoint(asks(0, 8))
    assert witness_in(tmp_path).add_checkpoint(asks(0, 12)).status == 409
    assert witness_in(tmp_path).add_checkpoint(asks(8, 12)).status == 200
    Memory(tmp_path).path(LOG.name).write_text("half a che", "utf-8")
    answer = witness_in(tmp_path).add_checkpoint(asks(12, 20))
    assert answer.status == 500
    assert "put right from a copy" in answer.body
    assert [path.suffix for path in tmp_path.iterdir()] == [".checkpoint"]


def test_nothing_is_cosigned_that_could_not_be_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    assert witness_in(tmp_path / "file").add_checkpoint(asks(0, 3)).status == 500


@pytest.fixture
def address(witness: Witness) -> Iterator[str]:
    server = serve(witness, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_over_http_the_councils_client_gets_a_line_a_conflict_or_a_reason(address: str) -> None:
    client = TlogWitness(address, WITNESS_KEY)
    bare = [SignedNote(note.body, note.lines[:1]) for note in GROWN.notes]
    line = client.cosign(0, [], bare[7])
    assert bare[7].with_lines([line]).signed_at(WITNESS_KEY)
    with pytest.raises(WitnessConflictError, match="last cosigned 8 records") as conflict:
        client.cosign(0, [], bare[11])
    assert conflict.value.size == 8
    with pytest.raises(ProviderError, match="refused with status 422"):
        client.cosign(8, [], bare[11])
    client.close()
    stranger = TlogWitness(address, Signer("stranger.example", bytes(32)).key(WITNESS))
    with pytest.raises(ProviderError, match="without a signature of the key we were given"):
        stranger.cosign(8, [], bare[7])
    stranger.close()
    held = httpx2.get(f"{address}/checkpoint/council.example%2Frecord")
    assert parse_note(held.text).body == bare[7].body
    assert httpx2.get(f"{address}/").status_code == 404
    assert httpx2.post(f"{address}/elsewhere", content=b"x").status_code == 404
    assert httpx2.post(f"{address}/add-checkpoint", content=b"x" * 70_000).status_code == 400


def test_a_witness_that_is_not_there_is_a_provider_error() -> None:
    client = TlogWitness("http://127.0.0.1:9", WITNESS_KEY, timeout_seconds=1)
    with pytest.raises(ProviderError, match="could not be reached"):
        client.cosign(0, [], GROWN.notes[0])
    client.close()


def test_a_key_is_made_once_and_read_by_its_owner_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "keys" / "witness.key"
    assert main(["key", "--name", "audit.example", "--key", str(path)]) == 0
    assert capsys.readouterr().out.startswith("audit.example+")
    assert path.stat().st_mode & 0o777 == 0o600
    assert main(["key", "--name", "audit.example", "--key", str(path)]) == 1
    served = ["serve", "--name", "audit.example", "--key", str(path), "--memory", str(tmp_path)]
    assert main([*served, "--log", WITNESS_KEY.text]) == 1
    assert "is a witness's" in capsys.readouterr().err
    Memory(tmp_path).keep(LOG.name, "broken")
    with pytest.raises(NoteError):
        Memory(tmp_path).seen(LOG.name)

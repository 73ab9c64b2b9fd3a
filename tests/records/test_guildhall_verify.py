"""The one-file verifier: whatever byte is changed, cut, added or moved, it finds it and says where."""

import ast
import random
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from guildhall.records import guildhall_verify as verifier
from guildhall.records.checkpoints import OPERATOR, SignedNote, Signer
from guildhall.records.exporting import export_lines
from tests.records.logs import AUDIT, OPERATOR_KEY, WITNESS_KEY, Log, fault, made_log

FILE = Path(verifier.__file__)
SMALL, LARGE = made_log(5, every=3), made_log(10_000)
OPERATOR_GIVEN, WITNESS_GIVEN = verifier.read_key(OPERATOR_KEY.text), verifier.read_key(WITNESS_KEY.text)


def test_it_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse(FILE.read_text("utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= set(sys.stdlib_module_names)


def test_a_copy_of_the_file_runs_alone_and_says_what_it_found(tmp_path: Path) -> None:
    copy, export = tmp_path / "guildhall_verify.py", tmp_path / "export"
    shutil.copy(FILE, copy)
    export.write_bytes(SMALL.export)
    keys = ["--operator-key", OPERATOR_KEY.text, "--witness-key", WITNESS_KEY.text]
    run = subprocess.run([sys.executable, "-I", copy, export, *keys], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("VERIFIED")
    assert "5 records, from 2026-11-25T09:00:00.000000Z to 2026-11-25T09:00:04.000000Z" in run.stdout
    assert f"Witness {WITNESS_KEY.text} cosigned 5 records" in run.stdout
    export.write_bytes(SMALL.export.replace(b'"seq":3', b'"seq":8'))
    run = subprocess.run([sys.executable, "-I", copy, export], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert run.returncode == 1
    assert run.stdout == "NOT VERIFIED\n  line 7: record 8 stands where 3 should: some were cut, added or moved\n"


@pytest.mark.parametrize("size", [0, 1, 2, 3, 8, 70])
def test_logs_of_any_size_verify(size: int, tmp_path: Path) -> None:
    assert fault(tmp_path / "export", made_log(size, every=5).export) is None


@pytest.fixture
def judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same signature on the same message is judged once, so that thousands of changed files take seconds."""
    monkeypatch.setattr(verifier, "signature_holds", lru_cache(maxsize=None)(verifier.signature_holds))


@pytest.mark.usefixtures("judged_once")
def test_a_change_of_any_byte_of_a_small_log_is_found(tmp_path: Path) -> None:
    export = SMALL.export
    missed = []
    for place, byte in enumerate(export):
        for other in (byte ^ 1, byte ^ 0x20):
            if fault(tmp_path / "export", export[:place] + bytes([other]) + export[place + 1 :]) is None:
                missed.append((place, byte, other))
    assert missed == []


@pytest.mark.usefixtures("judged_once")
def test_a_cut_or_an_added_byte_anywhere_in_a_small_log_is_found(tmp_path: Path) -> None:
    export = SMALL.export
    for place in range(len(export)):
        assert fault(tmp_path / "export", export[:place] + export[place + 1 :]) is not None, place
        assert fault(tmp_path / "export", export[:place] + b"0" + export[place:]) is not None, place
    for length in range(0, len(export), 7):
        assert fault(tmp_path / "export", export[:length]) is not None, length


@pytest.mark.usefixtures("judged_once")
def test_changed_bytes_of_ten_thousand_records_are_found_and_the_record_is_named(tmp_path: Path) -> None:
    lines, random_ = LARGE.export.splitlines(keepends=True), random.Random(7)
    first = len(LARGE.notes) + 1
    for _ in range(25):
        number = random_.randrange(len(lines) - first)
        line = lines[first + number]
        place = random_.randrange(len(line))
        changed = line[:place] + bytes([line[place] ^ (1 << random_.randrange(8))]) + line[place + 1 :]
        found = fault(tmp_path / "export", b"".join([*lines[: first + number], changed, *lines[first + number + 1 :]]))
        assert found is not None
        assert found[0] in (first + number + 1, first + number), (number, place, found)
        assert f"{number:,}" in found[1] or f"{number + 1:,}" in found[1] or "not a record" in found[1], found


@pytest.mark.usefixtures("judged_once")
def test_records_cut_added_or_moved_among_ten_thousand_are_found(tmp_path: Path) -> None:
    records, random_ = LARGE.records, random.Random(8)
    for _ in range(4):
        a, b = sorted(random_.sample(range(len(records)), 2))
        for changed in (
            records[:a] + records[a + 1 :],
            [*records[:a], records[b], *records[a:]],
            [*records[:a], records[b], *records[a + 1 : b], records[a], *records[b + 1 :]],
            records[:a] + records[b:],
        ):
            found = fault(tmp_path / "export", Log(changed, LARGE.notes).export)
            assert found is not None


def test_a_tail_cut_with_its_checkpoints_is_found_against_what_the_witness_holds(tmp_path: Path) -> None:
    held, cut = made_log(10), made_log(9)
    assert fault(tmp_path / "export", cut.export) is None
    found = fault(tmp_path / "export", cut.export, verifier.Trust(witnessed=held.notes[-1].text))
    assert found == (0, "the tail was cut: a witness saw 10 records; the last 1 are not here")


def test_a_log_written_anew_is_found_against_what_the_witness_holds(tmp_path: Path) -> None:
    held, anew = made_log(10), made_log(12, seed="b")
    found = fault(tmp_path / "export", anew.export, verifier.Trust(witnessed=held.notes[-1].text))
    assert found is not None
    assert "records 0 to 9 do not lead to the root signed over 10 records" in found[1]


def test_a_longer_honest_log_fits_what_the_witness_holds(tmp_path: Path) -> None:
    trust = verifier.Trust((OPERATOR_GIVEN,), (WITNESS_GIVEN,), made_log(10).notes[-1].text)
    (tmp_path / "export").write_bytes(made_log(12).export)
    report = verifier.verify(tmp_path / "export", trust, lambda _done, _total: None)
    assert report.tail_known
    assert report.witnessed == {WITNESS_KEY.text: (10, 1_795_600_010)}


def test_a_record_changed_with_every_hash_after_it_is_found_by_the_root(tmp_path: Path) -> None:
    anew = made_log(5, every=3, seed="b")
    found = fault(tmp_path / "export", Log(anew.records, SMALL.notes).export)
    assert found is not None
    assert found[0] == 2
    assert "records 0 to 2 do not lead to the root signed over 3 records" in found[1]


def test_the_keys_that_the_auditor_was_given_count_more_than_those_in_the_file(tmp_path: Path) -> None:
    other = verifier.read_key(Signer(OPERATOR_KEY.name, bytes(32)).key(OPERATOR).text)
    found = fault(tmp_path / "export", SMALL.export, verifier.Trust(operators=(other,)))
    assert found is not None
    assert "which is not the operator's key you gave" in found[1]
    unseen = SignedNote(SMALL.notes[-1].body, SMALL.notes[-1].lines[:1])
    alone = b"".join(export_lines(OPERATOR_KEY, [], [unseen], 5, SMALL.records))
    assert fault(tmp_path / "export", alone) is None
    found = fault(tmp_path / "export", alone, verifier.Trust(witnesses=(WITNESS_GIVEN,)))
    assert found == (0, f"nothing here is cosigned by the witness you gave, {AUDIT.name}")


def test_a_checkpoint_of_another_key_of_the_same_name_is_refused(tmp_path: Path) -> None:
    body = SMALL.notes[-1].body
    forged = SignedNote(body, (Signer(OPERATOR_KEY.name, bytes(32)).sign(body),))
    found = fault(tmp_path / "export", b"".join(export_lines(OPERATOR_KEY, [], [], 5, SMALL.records)))
    assert found is not None
    head = f'{{"checkpoints":1,"format":"{verifier.FORMAT}","keys":["{OPERATOR_KEY.text}"],"origin":"{OPERATOR_KEY.name}","records":5}}\n'
    note = forged.text.replace("\n", "\\n")
    found = fault(tmp_path / "export", head.encode() + f'{{"note":"{note}"}}\n'.encode() + b"\n".join(SMALL.records) + b"\n")
    assert found == (2, f"the checkpoint bears a signature of an unknown key of {OPERATOR_KEY.name}")


@pytest.mark.parametrize("data", [b"", b"\n", b"hello\n", b"{}\n", b"[1]\n", b"c2sp.org/tlog-proof@v1\n", b"c2sp.org\xff", b"\x00" * 99])
def test_what_is_neither_export_nor_receipt_is_refused_without_a_traceback(data: bytes, tmp_path: Path) -> None:
    assert fault(tmp_path / "export", data) is not None


def test_a_file_that_is_not_there_and_a_key_that_is_none_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verifier.main([str(tmp_path / "none")]) == 2
    (tmp_path / "export").write_bytes(SMALL.export)
    assert verifier.main([str(tmp_path / "export"), "--operator-key", "nonsense"]) == 2
    assert "not a public key" in capsys.readouterr().err
    assert verifier.main([str(tmp_path / "export"), "--json"]) == 0
    assert '"verified": true' in capsys.readouterr().out


def test_signatures_are_judged_as_by_the_library(tmp_path: Path) -> None:
    random_ = random.Random(5)
    for number in range(12):
        private = Ed25519PrivateKey.from_private_bytes(random_.randbytes(32))
        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        message = random_.randbytes(number * 9)
        signature = private.sign(message)
        assert verifier.signature_holds(public, signature, message)
        place = random_.randrange(64)
        wrong = signature[:place] + bytes([signature[place] ^ 4]) + signature[place + 1 :]
        assert not verifier.signature_holds(public, wrong, message)
        assert not verifier.signature_holds(public, signature, message + b"x")
    over = int.from_bytes(signature[32:], "little") + verifier.ORDER  # the same point under another spelling
    assert not verifier.signature_holds(public, signature[:32] + over.to_bytes(32, "little"), message)
    assert not verifier.signature_holds(b"\xff" * 32, signature, message)
    assert not verifier.signature_holds(public, signature[:40], message)

"""Several processes write into one SQLite file by turns, and none waits for one that is dead."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import text

from guildhall.storage.database import Database
from guildhall.storage.write_turn import SUFFIX, WriteTurn

HOLDS = """
import sys, time
from pathlib import Path
from guildhall.storage.write_turn import WriteTurn
with WriteTurn(Path(sys.argv[1]), 5).turn():
    print("mine", flush=True)
    time.sleep(60)
"""
COUNTS = """
import sys
from sqlalchemy import text
from guildhall.storage.database import Database
database = Database(f"sqlite:///{sys.argv[1]}")
for _ in range(50):
    with database.writing() as connection:
        before = connection.execute(text("SELECT n FROM counted")).scalar_one()
        connection.execute(text("UPDATE counted SET n = :n"), {"n": before + 1})
database.close()
"""


def test_the_turn_of_a_killed_process_is_free_at_once(tmp_path: Path) -> None:
    file = tmp_path / "shared.sqlite3"
    holder = subprocess.Popen([sys.executable, "-c", HOLDS, str(file)], stdout=subprocess.PIPE)
    assert holder.stdout and holder.stdout.readline() == b"mine\n"
    mine = WriteTurn(file, 0.01)
    with mine.turn():
        assert not mine._take(), "the other process has it"
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    with mine.turn():
        other = WriteTurn(file, 0.0)
        assert not other._take()
        other.close()
    mine.close()


def test_whoever_waited_in_vain_goes_on_and_lets_sqlite_judge(tmp_path: Path) -> None:
    first, second = WriteTurn(tmp_path / "s.sqlite3", 0.0), WriteTurn(tmp_path / "s.sqlite3", 0.0)
    with first.turn():
        began = time.monotonic()
        with second.turn():
            pass
        assert time.monotonic() - began < 5
    with second.turn():
        assert not first._take(), "what was not had is not given back, and what was had is"
    first.close()
    second.close()


def test_a_file_that_no_lock_can_be_put_beside_is_written_all_the_same(tmp_path: Path) -> None:
    turn = WriteTurn(tmp_path / "no-such-folder" / "s.sqlite3", 1.0)
    with turn.turn():
        assert not (tmp_path / "no-such-folder").exists()


def test_two_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    file = tmp_path / "counted.sqlite3"
    database = Database(f"sqlite:///{file}")
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE counted (n INTEGER)"))
        connection.execute(text("INSERT INTO counted VALUES (0)"))
    writers = [subprocess.Popen([sys.executable, "-c", COUNTS, str(file)]) for _ in range(2)]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    with database.reading() as connection:
        assert connection.execute(text("SELECT n FROM counted")).scalar_one() == 100
    database.close()
    assert file.with_name(file.name + SUFFIX).exists()

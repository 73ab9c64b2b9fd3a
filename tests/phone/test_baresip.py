"""Rung by baresip, a softphone: sound both ways (T1), and a person's phone that is answered by it (T6)."""

import asyncio
import os
import pty
import re
import shutil
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np

from guildhall.channels.phone.ports import CallLeg, TransferOutcome, TransferTarget
from guildhall.councils.loading import load_council
from tests.phone.test_sipp import within
from tests.phone.tools import TONE, Session, answering, at, free_port, pitch, program, run, sipp, tone_wav

MODULES = "g711.so aufile.so aubridge.so sndfile.so".split()
SETTINGS = """module_path {path}
sip_listen 127.0.0.1:{port}
audio_source aufile,{says}
audio_player aubridge,nil
ausrc_srate 8000
auplay_srate 8000
snd_path {folder}
{modules}
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app contact.so
"""


def settings(folder: Path, says: Path, answers: bool = False) -> tuple[Path, int]:
    """A telephone: where its settings are, and its port."""
    program("baresip")
    home, port = folder / "baresip", free_port()
    path = next(found.parent for found in Path("/usr/lib").rglob("baresip/modules/g711.so"))
    home.mkdir()
    modules = "\n".join(f"module {name}" for name in MODULES)
    (home / "config").write_text(SETTINGS.format(path=path, port=port, says=says, folder=folder, modules=modules))
    (home / "accounts").write_text(f"<sip:resident@127.0.0.1>;regint=0;audio_codecs=pcma{';answermode=auto' if answers else ''}\n")
    (home / "contacts").write_text("")
    return home, port


def heard(folder: Path) -> "np.ndarray[Any, Any]":
    """What the telephone received, from its own recording."""
    found = sorted(folder.glob("dump-*-dec.wav"))
    assert found, f"no recording in {[path.name for path in folder.iterdir()]}"
    with wave.open(str(found[-1])) as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)


def test_t1_a_softphone_and_we_hear_each_other(tmp_path: Path) -> None:
    async def test() -> None:
        session = Session(np.resize(TONE, 16000).tobytes())
        home, _ = settings(tmp_path, tone_wav(tmp_path / "says.wav", 10))
        async with answering(session) as gateway:
            ran = await run([program("baresip"), "-f", str(home), "-t", "4", "-e", f"/dial sip:01632960100@{at(gateway)}"], 30, tmp_path)
            assert "established" in ran.said.lower(), ran.said
            await session.over.wait()
            assert abs(pitch(session.sound[4000:12000]) - 440) < 5
            received = heard(tmp_path)
            loud = np.abs(received) > 1000
            assert loud.mean() * len(received) / 8000 > 1.0, "most of two seconds of wording"
            place = int(np.argmax(loud))
            assert abs(pitch(received[place + 800 : place + 8800]) - 440) < 5

    within(60, test)


@asynccontextmanager
async def documented(example: str, folder: Path, *words: str) -> AsyncIterator[tuple[int, int]]:
    """A telephone of the documentation, on a free port: that port, and where a person types."""
    home, port = folder / example, free_port()
    shutil.copytree(Path("docs/examples") / example, home)
    modules = next(found.parent for found in Path("/usr/lib").rglob("baresip/modules/g711.so"))
    said = re.sub(r"(?<=sip_listen 127.0.0.1:)\d+", str(port), (home / "config").read_text("utf-8"))
    said = said.replace("/tmp/question.wav", str(tone_wav(folder / "says.wav", 10))).replace("/usr/lib/baresip/modules", str(modules))
    (home / "config").write_text(said.replace("snd_path /tmp", f"snd_path {folder}"))
    typing, typed = pty.openpty()
    telephone = await asyncio.create_subprocess_exec(
        program("baresip"), "-f", str(home), "-t", "40", *words, stdin=typed, stdout=asyncio.subprocess.DEVNULL, cwd=folder
    )
    try:
        yield port, typing
    finally:
        telephone.kill()
        await telephone.wait()
        os.close(typing)
        os.close(typed)


def test_digits_typed_into_the_telephone_of_the_documentation_are_pressed(tmp_path: Path) -> None:
    async def test() -> None:
        session = Session()
        async with answering(session) as gateway, documented("baresip", tmp_path, "-e", f"/dial sip:council@{at(gateway)}") as (_, typing):
            while not session.frames:
                await asyncio.sleep(0.1)
            for key in b"2", b"*":
                os.write(typing, key)
                await asyncio.sleep(0.5)
            os.write(typing, b"b")  # hangs up
            await session.over.wait()
        assert session.keys == "2*"

    within(60, test)


def test_the_advisers_telephone_of_the_documentation_rings_for_every_line_and_is_answered_by_a_key(tmp_path: Path) -> None:
    lines = [
        line.number.replace(" ", "") for line in load_council(Path("councils"), "avonmere", Path("var/cache/yaml")).phone.lines.values()
    ]

    async def test() -> None:
        addresses: list[str] = []
        answering_now = asyncio.Event()

        async def act(leg: CallLeg) -> list[TransferOutcome]:
            refused = [await leg.transfer(TransferTarget(address, 0.4), "bridge") for address in addresses[:-1]]
            answering_now.set()
            return [*refused, await leg.transfer(TransferTarget(addresses[-1], 20), "bridge")]

        async with documented("baresip-adviser", tmp_path) as (port, typing):
            addresses += [f"sip:{line}@127.0.0.1:{port}" for line in lines]
            await asyncio.sleep(1.0)
            session = Session(act=act)
            async with answering(session, addresses) as gateway, documented("baresip", tmp_path, "-e", f"/dial sip:council@{at(gateway)}"):
                await answering_now.wait()
                while session.acted is None:
                    await asyncio.sleep(1.0)
                    os.write(typing, b"a")
        assert session.acted[-1] == TransferOutcome.CONNECTED and TransferOutcome.REFUSED not in session.acted

    within(90, test)


def test_t6_a_softphone_is_rung_and_the_caller_hears_it(tmp_path: Path) -> None:
    home, port = settings(tmp_path, tone_wav(tmp_path / "says.wav", 10), answers=True)
    address = f"sip:resident@127.0.0.1:{port}"

    async def act(leg: CallLeg) -> TransferOutcome:
        outcome = await leg.transfer(TransferTarget(address, 5, {"case-ref": "abc-2"}), "bridge")
        await asyncio.sleep(2)
        await leg.hang_up()
        return outcome

    async def test() -> None:
        session = Session(act=act)
        async with answering(session, [address]) as gateway:
            person = asyncio.create_task(run([program("baresip"), "-f", str(home), "-t", "7"], 30, tmp_path))
            await asyncio.sleep(1.0)
            caller = await sipp("caller_waits", tmp_path, at(gateway))
            assert caller.status == 0, caller.said
            await session.over.wait()
            assert session.acted == TransferOutcome.CONNECTED
            said = np.frombuffer(b"".join(frame.said for frame in session.frames), np.int16)
            assert abs(pitch(said[-8000:]) - 440) < 5, "the caller heard the person's tone"
            assert "incoming" in (await person).said.lower()

    within(60, test)

"""A real Asterisk for tests, with the sample configuration of the how-to: in a folder of its own, on ports of its own, on loopback only.

It is found by GUILDHALL_ASTERISK_ROOT: the folder of a system in which Asterisk is installed (`script/asterisk-for-tests` makes one), or
`/` for this system.
"""

import asyncio
import os
import re
import secrets
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

SAMPLES = Path("docs/examples/asterisk")
USUAL = Path("/srv/guildhall/asterisk")
OLDEST = (22, 10)
PASSWORD = "change-me-before-use"
MODULES = "/usr/lib/x86_64-linux-gnu/asterisk/modules"


def root() -> Path | None:
    """Where there is an Asterisk that is new enough; None where there is none."""
    for place in filter(None, (os.environ.get("GUILDHALL_ASTERISK_ROOT", ""), str(USUAL))):
        if (Path(place) / "usr/sbin/asterisk").exists() and version(Path(place)) >= OLDEST:
            return Path(place)
    return None


def version(place: Path) -> tuple[int, ...]:
    """Which one it is."""
    said = subprocess.run([*_in(place), "asterisk", "-V"], capture_output=True, text=True, timeout=20, check=False).stdout
    found = re.search(r"Asterisk (\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _in(place: Path) -> list[str]:
    return [] if place == Path("/") else ["chroot", str(place)]


def free_ports(count: int) -> list[int]:
    """Ports that nobody has now, for TCP and UDP."""
    held, ports = [], []
    for _ in range(count):
        tcp, udp = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
        tcp.bind(("127.0.0.1", 0))
        udp.bind(("127.0.0.1", tcp.getsockname()[1]))
        ports.append(int(tcp.getsockname()[1]))
        held += [tcp, udp]
    for one in held:
        one.close()
    return ports


class RealAsterisk:
    """One Asterisk. The phones of `advisers`, of somebody who is busy and of nobody are at ports that tests listen on."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.sip, self.http, self.media, self.advisers, self.busy, self.nobody = free_ports(6)
        self.folder = f"/tmp/guildhall-{secrets.token_hex(4)}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http}"

    def start(self) -> None:
        """Run it until it answers."""
        self._write()
        command = [*_in(self.place), "asterisk", "-f", "-C", f"{self.folder}/etc/asterisk.conf"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        until = monotonic() + 30
        while not self._answers():
            assert self._process.poll() is None, "Asterisk ended at once"
            assert monotonic() < until, "Asterisk did not answer within 30 seconds"
            sleep(0.1)

    def _answers(self) -> bool:
        request = urllib.request.Request(f"{self.url}/ari/channels")
        request.add_header("Authorization", "Basic " + b64encode(f"guildhall:{PASSWORD}".encode()).decode())
        with suppress(OSError, urllib.error.URLError):
            return bool(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=2).status == 200)
        return False

    def _write(self) -> None:
        there = self.place / self.folder.lstrip("/")
        for name in ("etc", "run", "lib/keys", "spool", "log", "db"):
            (there / name).mkdir(parents=True)
        for sample in SAMPLES.glob("*.conf"):
            text = sample.read_text("utf-8")
            for port, real in ((5060, self.sip), (5070, self.advisers), (8088, self.http), (8765, self.media)):
                text = re.sub(rf"\b{port}\b", str(real), text)
            (there / "etc" / sample.name).write_text(text, "utf-8")
        with (there / "etc/pjsip.conf").open("a", encoding="utf-8") as file:
            for name, port in (("busy", self.busy), ("nobody", self.nobody)):
                endpoint = f"[{name}]\ntype=endpoint\ntransport=network\naors={name}\ndisallow=all\nallow=alaw\nmedia_address=127.0.0.1\n"
                file.write(f"\n{endpoint}\n[{name}]\ntype=aor\ncontact=sip:{name}@127.0.0.1:{port}\n")
        folders = {"etc": "etc", "varlib": "lib", "db": "db", "key": "lib", "agi": "lib", "spool": "spool", "run": "run", "log": "log"}
        lines = [f"ast{name}dir => {self.folder}/{folder}" for name, folder in folders.items()]
        lines += [f"astmoddir => {MODULES}", "astdatadir => /usr/share/asterisk"]
        options = (there / "etc/asterisk.conf").read_text("utf-8")
        (there / "etc/asterisk.conf").write_text("[directories]\n" + "\n".join(lines) + "\n" + options, "utf-8")

    def stop(self) -> None:
        """End it and take its folder away."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self.place / self.folder.lstrip("/"), ignore_errors=True)

    async def quiet(self) -> None:
        """Wait until no call is left."""
        request = urllib.request.Request(f"{self.url}/ari/channels")
        request.add_header("Authorization", "Basic " + b64encode(f"guildhall:{PASSWORD}".encode()).decode())
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        async with asyncio.timeout(10):
            while (await asyncio.to_thread(lambda: opener.open(request, timeout=2).read())) != b"[]":
                await asyncio.sleep(0.05)

"""Where a server's threads are, looked at every few milliseconds: what waits for a lock or a socket is left out."""

import sys
import threading
from collections import Counter
from pathlib import Path
from types import FrameType

EVERY = 0.005
IDLE = ("threading.py", "selectors.py", "queue.py", "sampling.py")


class Sampler:
    """Counts, for each function of ours, the samples in which it was anywhere on a busy stack, and those in which it was on top of ours."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._within: Counter[str] = Counter()
        self._stacks: Counter[str] = Counter()
        self._samples = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what was found."""
        self._stop.set()
        self._thread.join()
        lines = [f"{self._samples} samples"]
        for title, found in (("anywhere on the stack", self._within), ("whole stacks", self._stacks)):
            lines += ["", title, *(f"{count:>7} {name}" for name, count in found.most_common(120))]
        Path(self._path).write_text("\n".join(lines) + "\n", "utf-8")

    def _run(self) -> None:
        me = threading.get_ident()
        while not self._stop.wait(EVERY):
            for ident, frame in sys._current_frames().items():  # there is no other way to see another thread's stack
                if ident != me and not frame.f_code.co_filename.endswith(IDLE):
                    self._count(frame)

    def _count(self, top: FrameType) -> None:
        names: list[str] = []
        frame: FrameType | None = top
        while frame is not None:
            path, _, file = frame.f_code.co_filename.rpartition("/")
            if "guildhall" in path or file.endswith(".html"):
                names.append(f"{path.rpartition('guildhall/')[2]}/{file}:{frame.f_code.co_name}")
            frame = frame.f_back
        if names:
            self._samples += 1
            self._within.update(set(names))
            self._stacks[" < ".join(names[:4])] += 1

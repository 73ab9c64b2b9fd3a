"""A speech worker for tests of the pool: what it "hears" is the sound itself, read as an order."""

import os
import sys
import time

from guildhall.providers.speech.worker_messages import packed, read


def main() -> None:
    known: set[str] = set()
    out = sys.stdout.buffer
    if "dead" in sys.argv:
        sys.exit(1)
    if "slow" in sys.argv:
        time.sleep(60)
    out.write(packed({"ready": ""}))
    out.flush()
    while (message := read(sys.stdin.buffer)) is not None:
        request, sound = message
        name, order = request["name"], sound.decode()
        if name not in known and "jsgf" not in request:
            told: dict[str, object] = {"unknown": name}
        else:
            known.add(name)
            if order == "crash":
                os._exit(1)
            if order == "stall":
                time.sleep(60)
            if order.startswith("once:") and not os.path.exists(order[5:]):  # noqa: PTH110
                open(order[5:], "w").close()  # noqa: PTH123, SIM115
                os._exit(1)
            if order == "forget":
                known.clear()
            told = {"failed": "ValueError"} if order == "fail" else {"text": order, "share": 1.0, "pid": os.getpid()}
        out.write(packed(told))
        out.flush()


if __name__ == "__main__":
    main()

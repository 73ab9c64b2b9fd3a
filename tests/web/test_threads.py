"""What pages ask for by themselves waits; what a person does does not."""

import threading

import anyio

from guildhall.web.threads import UNHURRIED_AT_ONCE, unhurried


def test_only_so_many_unhurried_things_run_at_once_and_others_are_not_held_up_by_them() -> None:
    running, most, lock, go_on = [0], [0], threading.Lock(), threading.Event()

    def reads() -> str:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        assert go_on.wait(10)
        with lock:
            running[0] -= 1
        return "list"

    async def everybody() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(UNHURRIED_AT_ONCE + 3):
                group.start_soon(unhurried, reads)
            while running[0] < UNHURRIED_AT_ONCE:
                await anyio.sleep(0.001)
            assert await anyio.to_thread.run_sync(lambda: "action") == "action"
            go_on.set()

    anyio.run(everybody)
    assert most[0] == UNHURRIED_AT_ONCE

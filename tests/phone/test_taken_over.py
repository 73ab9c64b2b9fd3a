"""The gateway is gone in the middle of a call (T10): sipp as the caller is told where its sound goes now, and sipp as the adviser is rung."""

import asyncio
from pathlib import Path

from guildhall.channels.phone.ports import TransferOutcome
from guildhall.providers.telephony.sip.bounds import Bounds
from guildhall.providers.telephony.sip.dialog_state import DialogState
from guildhall.providers.telephony.sip.gateway import SipGateway
from guildhall.providers.telephony.sip.shared_socket import bound
from guildhall.providers.telephony.sip.take_over import TakeOver
from tests.phone.test_sipp import within
from tests.phone.tools import Session, free_port, sipp


def test_real_telephones_are_joined_when_the_gateway_is_gone(tmp_path: Path) -> None:
    async def test() -> None:
        own, port = bound("127.0.0.1", 0), free_port()
        address = f"sip:01632960200@127.0.0.1:{port}"
        bounds = Bounds(targets=frozenset({address}))
        states: dict[str, DialogState] = {}
        outcomes: list[TransferOutcome] = []
        session = Session()
        gateway = SipGateway(bounds=bounds, inherited=own.dup(), report=lambda state: states.__setitem__(state.id, state))
        serving = asyncio.create_task(gateway.serve(session))
        await gateway.opened()
        take_over = TakeOver(own, bounds, [address], 5.0, lambda call, outcome: outcomes.append(outcome))
        person = asyncio.create_task(sipp("person_answers", tmp_path, port=port))
        caller = asyncio.create_task(sipp("caller_reinvited", tmp_path, f"127.0.0.1:{own.getsockname()[1]}"))
        async with asyncio.timeout(10):
            while not states or not session.frames:
                await asyncio.sleep(0.05)
        last = list(states.values())
        gateway.endpoint.send = lambda data, peer: None  # type: ignore[method-assign]  # nothing is said by who is dead
        gateway.endpoint.transactions.send = lambda data, peer: None
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        take_over.listen()
        take_over.take(DialogState.from_json(state.to_json()) for state in last)
        called, calling = await person, await caller
        assert (called.status, calling.status) == (0, 0), called.said + calling.said
        assert outcomes == [TransferOutcome.CONNECTED]
        take_over.close()

    within(60, test)

"""What strangers and thieves try: nobody but peers is heard, nobody is called but targets, sound goes nowhere but to peers (T16)."""

import asyncio
import contextlib
import secrets
from typing import Any

import numpy as np
import pytest

from guildhall.channels.phone.ports import TransferOutcome, TransferTarget
from guildhall.providers.telephony.rtp import Packet
from guildhall.providers.telephony.sip.bounds import Bounds
from guildhall.providers.telephony.sip.gateway import OpenToAllError, SipGateway
from guildhall.providers.telephony.sip.messages import SipRequest, SipResponse
from guildhall.providers.telephony.sip.outcomes import reference_headers
from guildhall.providers.telephony.sip.peers import Peers, PeersError
from guildhall.providers.telephony.sip.sdp import offer
from guildhall.providers.telephony.sip.targets import NotATargetError, Targets
from tests.providers.telephony.caller import Caller
from tests.providers.telephony.test_sip_gateway import Answered, with_gateway
from tests.providers.telephony.test_sip_hygiene import SDP, nothing_left

QUICK = Bounds(t1=0.01)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])
def test_it_does_not_listen_to_the_world_without_a_list_of_peers(host: str) -> None:
    with pytest.raises(OpenToAllError, match=r"no peer outside this machine is listed.*list the addresses of your SIP trunk"):
        SipGateway(host)
    SipGateway(host, bounds=Bounds(peers=frozenset({"192.0.2.0/24"})))


def test_peers_are_addresses_networks_and_names() -> None:
    moved = {"sbc.example.gov.uk": ["203.0.113.5"]}

    async def look_up(name: str) -> list[str]:
        if name not in moved:
            raise OSError
        return moved[name]

    async def test() -> None:
        peers = Peers(["192.0.2.7", "198.51.100.0/25", "2001:db8::/32", "sbc.example.gov.uk", "gone.example"], look_up)
        known = ["192.0.2.7", "198.51.100.9", "2001:db8::1", "::ffff:192.0.2.7"]
        assert all(peers.knows(host) for host in known)
        assert not any(peers.knows(host) for host in ("192.0.2.8", "198.51.100.128", "203.0.113.5", "sbc.example.gov.uk", "", "x"))
        assert await peers.resolve() == ["gone.example"]
        assert peers.knows("203.0.113.5") and peers.address_of("SBC.example.gov.uk") == "203.0.113.5"
        moved["sbc.example.gov.uk"] = ["203.0.113.6"]
        await peers.resolve()
        assert peers.knows("203.0.113.6") and not peers.knows("203.0.113.5"), "who has moved away is a stranger"
        moved.clear()
        await peers.resolve()
        assert peers.knows("203.0.113.6"), "a name server that fails cuts nobody off"

    asyncio.run(test())


@pytest.mark.parametrize("peer", ["0.0.0.0/0", "::/0", "192.0.2.0/33", "a b", "", "sip:192.0.2.1"])
def test_a_peer_that_is_none_is_refused(peer: str) -> None:
    with pytest.raises(PeersError):
        Peers([peer])


def test_strangers_hear_nothing_whatever_they_send() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        for method in ("OPTIONS", "INVITE", "REGISTER", "BYE"):
            caller.send(caller.request(method, SDP, body=offer("127.0.0.1", caller.rtp.port, 1)))
        caller.send(b"nonsense")
        with pytest.raises(TimeoutError):
            await caller.receive(0.2)
        assert (gateway.endpoint.counted.strangers, session.legs) == (5, [])

    with_gateway(test, Bounds(peers=frozenset({"192.0.2.1"})))


def test_a_flood_is_told_to_wait_and_leaves_nothing_behind() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        came: list[SipResponse] = []
        for _ in range(30):
            for _ in range(10):
                caller.call_id, caller.their_tag = secrets.token_hex(4), ""
                caller.send(caller.request("INVITE", SDP, body=offer("127.0.0.1", caller.rtp.port, 1), cseq=1))
            came += [await caller.final() for _ in range(10)]
        kept = gateway.endpoint.transactions.open
        with contextlib.suppress(TimeoutError):
            while True:
                came.append(await caller.final(0.7))
                if len(came) > 600:
                    break
        refused = [final for final in came if final.status == 503]
        answered = {final.call_id for final in came if final.status == 200}
        assert {final.headers.get("retry-after") for final in refused} == {"5"}
        assert len({final.branch for final in refused}) == len(refused), "a refusal is not repeated by itself: that would double the flood"
        assert len(refused) + len(answered) == 300 and len(answered) == len(session.legs) >= 10
        assert kept <= 2 * len(session.legs), "no memory is kept of what was refused"

    with_gateway(test, Bounds(t1=0.5))


def test_one_peers_flood_is_not_anothers() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(30):
            gateway.endpoint._too_often("127.0.0.2")
        assert loop and gateway.endpoint._too_often("127.0.0.2")
        caller = await Caller.open(gateway.address)
        assert (await caller.call()).status == 200

    with_gateway(test)


def test_the_cap_holds_and_a_call_that_ended_makes_room() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        callers = [await Caller.open(gateway.address) for _ in range(4)]
        assert [(await caller.call()).status for caller in callers[:3]] == [200, 200, 503]
        await callers[0].hang_up()
        assert (await callers[3].call()).status == 200

    with_gateway(test, Bounds(calls=2))


@pytest.mark.parametrize("host", ["203.0.113.9", "224.0.0.1", "255.255.255.255", "127.0.0.1.example", "::2"])
def test_sound_never_goes_to_whom_the_description_points_but_who_is_no_peer(host: str) -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        body = offer("127.0.0.1", 4000, 1).replace(b"c=IN IP4 127.0.0.1", f"c=IN IP4 {host}".encode())
        assert (await caller.call(body)).status == 488
        caller.call_id, caller.their_tag = "second", ""
        assert (await caller.call()).status == 200
        assert (await caller.call(body)).status == 488, "nor by a re-INVITE"
        await caller.listen(2)

    with_gateway(test)


def test_sound_may_come_from_listed_media_hosts() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        body = offer("127.0.0.3", caller.rtp.port, 1)
        assert (await caller.call(body)).status == 200
        assert not gateway.endpoint.peers.knows("127.0.0.3")

    with_gateway(test, Bounds(peers=frozenset({"127.0.0.1"}), media=frozenset({"127.0.0.3"})))


class _Stranger(asyncio.DatagramProtocol):
    def connection_made(self, transport: Any) -> None:
        self.transport = transport


def test_sound_from_another_host_or_a_second_port_is_not_the_callers() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        await caller.call()
        assert caller.media is not None
        loop = asyncio.get_running_loop()
        strangers = [await loop.create_datagram_endpoint(_Stranger, local_addr=(host, 0)) for host in ("127.0.0.2", "127.0.0.1")]
        caller.say(np.zeros(160))
        await caller.listen(3)
        for number in range(20):
            packet = Packet(8, 9000 + number, 160 * number, 5, b"\x2a" * 160).encoded()
            for transport, _ in strangers:
                transport.sendto(packet, (caller.media.host, caller.media.port))
        await caller.listen(8)
        await caller.hang_up()
        await session.over.wait()
        assert b"\x00\x7e" not in bytes(session.sound), "nobody can speak into somebody else's call"
        for transport, _ in strangers:
            transport.close()

    with_gateway(test)


@pytest.mark.parametrize("dialled", ["0900900900", "00999", "council%00", ""])
def test_nobody_gets_through_us_to_another_number(dialled: str) -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        body = offer("127.0.0.1", caller.rtp.port, 1)
        request = caller.request("INVITE", SDP, body=body)
        caller.send(SipRequest(request.headers, body, "INVITE", f"sip:{dialled}@127.0.0.1"))
        assert (await caller.final()).status == 404
        caller.send(caller.request("ACK", cseq=1, branch=request.branch))
        assert session.legs == []
        await nothing_left(gateway)

    with_gateway(test, Bounds(t1=0.01, numbers=frozenset({"01632960100"})))


def test_a_refer_from_outside_is_refused_and_dials_nobody() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller, premium = await Caller.open(gateway.address), await Caller.open(gateway.address)
        await caller.call()
        caller.send(caller.request("REFER", ("refer-to", f"<sip:0900900900@127.0.0.1:{premium.sip.port}>")))
        assert (await caller.final()).status == 405
        with pytest.raises(TimeoutError):
            await premium.receive(0.2)
        assert gateway.endpoint.counted.placed == 0

    with_gateway(test, Bounds(targets=frozenset({"sip:01632960200@127.0.0.1:5099"})))


def test_only_what_is_listed_can_be_called_and_only_through_peers() -> None:
    peers = Peers(["192.0.2.5"])
    targets = Targets(["01632 960 200", "sip:duty@192.0.2.5:5070", "sip:other@203.0.113.9"], peers, "192.0.2.5:5080")
    assert targets.place(targets.uri("01632960200")) == ("192.0.2.5", 5080)
    assert targets.place(targets.uri("sip:01632960200@192.0.2.5:5080")) == ("192.0.2.5", 5080)
    assert targets.place(targets.uri("sip:duty@192.0.2.5:5070;user=phone")) == ("192.0.2.5", 5070)
    for other in (
        "01632960201",
        "sip:duty@192.0.2.5",
        "sip:0900@192.0.2.5:5080",
        "sip:01632960200@evil.example",
        "tel:999",
        "sips:duty@192.0.2.5",
        "",
    ):
        with pytest.raises(NotATargetError):
            targets.uri(other)
    with pytest.raises(NotATargetError, match="no peer"):
        targets.place(targets.uri("sip:other@203.0.113.9"))


def test_only_opaque_references_travel() -> None:
    context = {"case-ref": "c0ffee-17", "name": "Sam Brown", "evil": "x\r\nVia: y", "x y": "1"}
    assert reference_headers(context) == (("x-case-ref", "c0ffee-17"), ("user-to-user", b"c0ffee-17".hex() + ";encoding=hex"))
    assert reference_headers({"note": "my mother is ill"}) == ()


def test_a_transfer_before_the_call_is_answered_rings_nobody() -> None:
    async def run() -> None:
        gateway = SipGateway(port=0, bounds=Bounds(targets=frozenset({"sip:1@127.0.0.1"})))
        outcomes: list[TransferOutcome] = []

        async def session(leg: Any) -> None:
            outcomes.append(await leg.transfer(TransferTarget("sip:1@127.0.0.1"), "bridge"))
            await leg.reject(486)

        serving = asyncio.create_task(gateway.serve(session))
        await gateway.opened()
        caller = await Caller.open(gateway.address)
        assert (await caller.call()).status == 486
        assert outcomes == [TransferOutcome.FAILED] and gateway.endpoint.counted.placed == 0
        caller.close()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)

    asyncio.run(run())

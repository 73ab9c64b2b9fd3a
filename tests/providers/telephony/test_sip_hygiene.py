"""What telephones and switchboards do to one another: lost, doubled, strange and old-fashioned messages, each with the code that is due (T7)."""

import asyncio
import secrets

import pytest

from guildhall.channels.phone.ports import HangUpCause, Held, HungUp, KeyPressed
from guildhall.providers.telephony.rtp import key_packets
from guildhall.providers.telephony.sip.bounds import Bounds
from guildhall.providers.telephony.sip.gateway import SipGateway
from guildhall.providers.telephony.sip.messages import SipRequest, SipResponse, parse, response_to
from guildhall.providers.telephony.sip.sdp import offer, read_offer
from tests.providers.telephony.caller import Caller
from tests.providers.telephony.test_sip_gateway import Answered, with_gateway

SDP = ("content-type", "application/sdp")
QUICK = Bounds(t1=0.01)


async def nothing_left(gateway: SipGateway) -> None:
    """No call, no port, no tick, no transaction once their time is over."""
    async with asyncio.timeout(5):
        while gateway.endpoint.running or gateway.line.ports.open or gateway.ticker.served or gateway.endpoint.transactions.open:
            await asyncio.sleep(0.01)


def test_a_200_is_sent_until_it_is_acknowledged_and_then_there_is_a_bye() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        caller.send(caller.request("INVITE", SDP, body=offer("127.0.0.1", caller.rtp.port, 1)))
        answers = 0
        while True:
            message = await caller.receive()
            if isinstance(message, SipRequest):
                break
            answers += message.status == 200
        assert message.method == "BYE" and answers >= 7, "with T1 and T2 of RFC 3261 it is sent eleven times in 32 seconds"
        caller.send(response_to(message, 200))
        await session.over.wait()
        assert session.events[-1] == HungUp(HangUpCause.NO_ACK)
        await nothing_left(gateway)
        caller.close()

    with_gateway(test, QUICK)


def test_an_invite_that_comes_twice_is_one_call() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        invite = caller.request("INVITE", SDP, body=offer("127.0.0.1", caller.rtp.port, 1))
        caller.send(invite)
        caller.send(invite)
        first, second = await caller.final(), await caller.final()
        assert first.encoded() == second.encoded()
        other_way = caller.request("INVITE", SDP, body=offer("127.0.0.1", caller.rtp.port, 1), cseq=1)
        caller.their_tag = ""
        merged = SipRequest(caller.request("INVITE", SDP, cseq=1).headers, other_way.body, "INVITE", other_way.uri)
        caller.send(merged)
        while (answered := await caller.final()).status == 200:
            continue
        assert answered.status == 482
        assert len(session.legs) == 1
        caller.close()

    with_gateway(test)


@pytest.mark.parametrize(
    "how", [(b"a=sendrecv", b"a=sendonly"), (b"a=sendrecv", b"a=inactive"), (b"c=IN IP4 127.0.0.1", b"c=IN IP4 0.0.0.0")]
)
def test_hold_and_resume(how: tuple[bytes, bytes]) -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        first = await caller.call()
        held = await caller.call(offer("127.0.0.1", caller.rtp.port, 1, version=1).replace(*how))
        assert held.status == 200 and b"a=sendrecv" not in held.body
        assert version(held.body) > version(first.body), "a description that changes is a new version"
        while not caller.rtp.came.empty():
            caller.rtp.came.get_nowait()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(caller.rtp.came.get(), 0.1)
        resumed = await caller.call(offer("127.0.0.1", caller.rtp.port, 1, version=2))
        assert b"a=sendrecv" in resumed.body
        await caller.listen(3)
        assert [event for event in session.events if isinstance(event, Held)] == [Held(True), Held(False)]
        caller.close()

    with_gateway(test)


def version(body: bytes) -> int:
    return int(body.split(b"o=guildhall ")[1].split()[1])


def test_a_reinvite_that_we_cannot_speak_changes_nothing() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        await caller.call()
        refused = await caller.call(offer("127.0.0.1", caller.rtp.port, 1).replace(b"RTP/AVP 8 101", b"RTP/AVP 111"))
        assert refused.status == 488
        await caller.listen(3)
        assert (await caller.hang_up()).status == 200
        caller.close()

    with_gateway(test)


def test_cancel_before_and_after_the_answer() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        invite = caller.request("INVITE", SDP, body=offer("127.0.0.1", caller.rtp.port, 1))
        caller.send(invite)
        caller.send(caller.request("CANCEL", branch=invite.branch, cseq=1))
        finals = [await caller.final(), await caller.final()]
        by_method = {final.cseq[1]: final.status for final in finals}
        assert by_method in ({"CANCEL": 200, "INVITE": 487}, {"CANCEL": 200, "INVITE": 200})
        unknown = caller.request("CANCEL", branch="z9hG4bKnever", cseq=1)
        caller.send(unknown)
        while (answered := await caller.final()).branch != "z9hG4bKnever":
            continue
        assert answered.status == 481
        caller.close()

    with_gateway(test)


def test_a_caller_who_gives_up_before_we_pick_up_is_told_so_and_forgotten() -> None:
    async def run() -> None:
        gateway = SipGateway(port=0, bounds=QUICK)
        causes: list[HangUpCause] = []

        async def never_picks_up(leg) -> None:  # type: ignore[no-untyped-def]
            async for event in leg.events():
                causes.append(event.cause)

        serving = asyncio.create_task(gateway.serve(never_picks_up))
        await gateway.opened()
        caller = await Caller.open(gateway.address)
        invite = caller.request("INVITE", SDP, body=offer("127.0.0.1", caller.rtp.port, 1))
        caller.send(invite)
        trying = await caller.receive()
        assert isinstance(trying, SipResponse) and trying.status == 100
        caller.send(caller.request("CANCEL", branch=invite.branch, cseq=1))
        finals = {(final := await caller.final()).cseq[1]: final.status for _ in range(2)}
        assert finals == {"CANCEL": 200, "INVITE": 487}
        caller.their_tag = ""
        caller.send(caller.request("ACK", branch=invite.branch, cseq=1))
        assert causes == [HangUpCause.CANCELLED]
        await nothing_left(gateway)
        caller.close()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)

    asyncio.run(run())


def test_without_an_offer_we_offer_and_the_answer_comes_with_the_ack() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        invite = caller.request("INVITE")
        caller.send(invite)
        answered = await caller.final()
        offered = read_offer(answered.body)
        caller.media = offered
        caller.send(caller.request("ACK", SDP, body=offer("127.0.0.1", caller.rtp.port, 1), cseq=1))
        await caller.listen(3)
        assert (await caller.hang_up()).status == 200
        caller.close()

    with_gateway(test)


def test_without_an_offer_and_with_an_answer_that_points_elsewhere_the_call_ends() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        caller.send(caller.request("INVITE"))
        await caller.final()
        caller.send(caller.request("ACK", SDP, body=offer("203.0.113.9", 4000, 1), cseq=1))
        bye = await caller.receive()
        assert isinstance(bye, SipRequest) and bye.method == "BYE"
        caller.close()

    with_gateway(test)


@pytest.mark.parametrize(
    ("method", "more", "status"),
    [
        ("OPTIONS", (), 200),
        ("REGISTER", (), 405),
        ("REFER", (("refer-to", "<sip:0900900900@127.0.0.1>"),), 405),
        ("SUBSCRIBE", (), 405),
        ("MESSAGE", (), 405),
        ("I", (), 405),
        ("BYE", (), 481),
        ("INFO", (), 481),
        ("INVITE", (("require", "100rel"),), 420),
        ("INVITE", (("require", "precondition, timer"),), 420),
        ("INVITE", (("max-forwards", "0"),), 483),
        ("INVITE", (("content-type", "application/isup"),), 415),
    ],
)
def test_what_is_not_for_us_gets_its_code_and_leaves_nothing(method: str, more: tuple[tuple[str, str], ...], status: int) -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        request = caller.request(method, *more, body=b"x" if method == "INVITE" else b"")
        fields = tuple(field for field in request.headers.fields if field != ("max-forwards", "70") or "max-forwards" not in dict(more))
        data = SipRequest(type(request.headers)(fields), request.body, method, request.uri).encoded()
        caller.send(data)
        answered = await caller.final()
        assert answered.status == status and answered.to_tag
        if status == 405 or method == "OPTIONS":
            assert "INVITE" in answered.headers.get("allow") and "REFER" not in answered.headers.get("allow")
        if status == 420:
            assert answered.headers.all("unsupported") == tuple(o for o in more[0][1].split(", ") if o != "timer")
        if method == "INVITE":
            caller.their_tag = ""
            caller.send(caller.request("ACK", branch=request.branch, cseq=1))
        assert session.legs == []
        await nothing_left(gateway)
        caller.close()

    with_gateway(test, QUICK)


def test_session_timers_do_no_harm() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        polite, insisting = await Caller.open(gateway.address), await Caller.open(gateway.address)
        body = offer("127.0.0.1", polite.rtp.port, 1)
        polite.send(polite.request("INVITE", SDP, ("supported", "timer"), ("session-expires", "1800;refresher=uac"), body=body))
        answered = await polite.final()
        assert answered.status == 200 and not answered.headers.get("require")
        insisting.send(insisting.request("INVITE", SDP, ("require", "timer"), ("session-expires", "90"), body=body))
        answered = await insisting.final()
        assert (answered.status, answered.headers.get("session-expires")) == (200, "90;refresher=uac")
        insisting.send(insisting.request("ACK", cseq=1))
        refreshed = await insisting.call(body)
        assert refreshed.status == 200
        for caller in (polite, insisting):
            caller.close()

    with_gateway(test)


def test_record_route_is_copied_and_followed() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller, proxy = await Caller.open(gateway.address), await Caller.open(gateway.address)
        routes = (f"<sip:127.0.0.1:{proxy.sip.port};lr>", "<sip:far.example;lr>")
        recorded = tuple(("record-route", route) for route in routes)
        caller.send(caller.request("INVITE", SDP, *recorded, body=offer("127.0.0.1", caller.rtp.port, 1)))
        answered = await caller.final()
        assert answered.headers.all("record-route") == routes
        caller.send(caller.request("ACK", cseq=1))
        await asyncio.sleep(0.05)
        await session.legs[0].hang_up()
        bye = await proxy.receive()
        assert isinstance(bye, SipRequest) and bye.headers.all("route") == routes
        assert bye.uri == f"sip:{caller.number}@127.0.0.1:{caller.sip.port}"
        for one in (caller, proxy):
            one.close()

    with_gateway(test)


def test_a_strict_router_is_named_in_the_request_line() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller, proxy = await Caller.open(gateway.address), await Caller.open(gateway.address)
        strict = f"sip:127.0.0.1:{proxy.sip.port}"
        caller.send(caller.request("INVITE", SDP, ("record-route", f"<{strict}>"), body=offer("127.0.0.1", caller.rtp.port, 1)))
        await caller.final()
        caller.send(caller.request("ACK", cseq=1))
        await asyncio.sleep(0.05)
        await session.legs[0].hang_up()
        bye = await proxy.receive()
        assert isinstance(bye, SipRequest) and bye.uri == strict
        assert bye.headers.all("route") == (f"<sip:{caller.number}@127.0.0.1:{caller.sip.port}>",)
        for one in (caller, proxy):
            one.close()

    with_gateway(test)


def test_compact_names_and_folded_lines_make_a_call() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        body = offer("127.0.0.1", caller.rtp.port, 1)
        caller.send(
            f"INVITE sip:council@127.0.0.1 SIP/2.0\r\nv: SIP/2.0/UDP\r\n 127.0.0.1:{caller.sip.port}\r\n ;branch=z9hG4bKfold\r\n"
            f'f: "Sam\\" , at home"\r\n\t<sip:01632960123@127.0.0.1>;tag={caller.tag}\r\nt: <sip:council@127.0.0.1>\r\ni: {caller.call_id}\r\n'
            f"CSEQ:1     INVITE\r\nm: <sip:me@127.0.0.1:{caller.sip.port}>\r\nc: application/sdp\r\nMax-Forwards: 70\r\nl: {len(body)}\r\n\r\n".encode()
            + body
        )
        assert (await caller.final()).status == 200
        assert session.legs[0].caller_number == "01632960123"
        caller.close()

    with_gateway(test)


def test_who_is_behind_an_address_translator_is_answered_where_they_are() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        data = (
            caller.request("OPTIONS").encoded().replace(f"127.0.0.1:{caller.sip.port};branch".encode(), b"192.168.1.20:5060;rport;branch")
        )
        caller.send(data)
        answered = await caller.final()
        via = answered.headers.get("via")
        assert f"rport={caller.sip.port}" in via and "received=127.0.0.1" in via
        elsewhere, caller.their_tag = await Caller.open(gateway.address), ""
        caller.send(
            caller.request("OPTIONS").encoded().replace(f":{caller.sip.port};branch".encode(), f":{elsewhere.sip.port};branch".encode())
        )
        assert (await elsewhere.final()).status == 200, "without rport, RFC 3261 sends it to the port that the Via names"
        for one in (caller, elsewhere):
            one.close()

    with_gateway(test)


def test_callers_older_than_rfc_3261_can_call_twice() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        for _ in range(2):
            caller.call_id, caller.their_tag, caller.cseq = secrets.token_hex(6), "", 0
            answered = await caller.call(branch="1")
            assert answered.status == 200
            assert (await caller.hang_up()).status == 200
        assert len(session.legs) == 2
        caller.close()

    with_gateway(test)


@pytest.mark.parametrize("body", [b"Signal=5\r\nDuration=160\r\n", b"Signal= 5", b"5", b"signal=5"])
def test_a_key_by_info(body: bytes) -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        await caller.call()
        for sent in (body, b"Signal=10", b"", b"Signal=99", b"\xff\xfe", b"56"):
            caller.send(caller.request("INFO", ("content-type", "application/dtmf-relay"), body=sent))
            assert (await caller.final()).status == 200
        await caller.hang_up()
        await session.over.wait()
        assert [event.key for event in session.events if isinstance(event, KeyPressed)] == ["5", "*"]
        caller.close()

    with_gateway(test)


@pytest.mark.parametrize("lost", [{5, 6}, {5, 6, 7}, {0, 1}, set()], ids=["two ends", "all ends", "the beginning", "nothing, all doubled"])
def test_keys_with_lost_and_doubled_packets_are_told_once(lost: set[int]) -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        await caller.call()
        assert caller.media is not None and caller.media.keys_type is not None
        for place, key in enumerate("1590"):
            for number, packet in enumerate(key_packets(key, 100 + 10 * place, 16000 * (place + 1), 77, caller.media.keys_type)):
                if number not in lost:
                    for _ in range(2):
                        caller.rtp.transport.sendto(packet.encoded(), (caller.media.host, caller.media.port))
            await caller.listen(12)
        await caller.hang_up()
        await session.over.wait()
        assert [event.key for event in session.events if isinstance(event, KeyPressed)] == list("1590")
        caller.close()

    with_gateway(test)


def test_an_old_number_within_a_call_is_refused_and_an_early_one_is_told_to_wait() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        body = offer("127.0.0.1", caller.rtp.port, 1)
        caller.send(caller.request("INVITE", SDP, body=body))
        await caller.final()
        caller.send(caller.request("INVITE", SDP, body=body))  # before the ACK
        while (early := await caller.final()).cseq[0] != 2:
            continue
        assert (early.status, early.headers.get("retry-after")) == (500, "1")
        caller.send(caller.request("ACK", cseq=2))
        caller.send(caller.request("ACK", cseq=1))
        caller.send(caller.request("INVITE", SDP, body=body, cseq=1, branch="z9hG4bKold"))
        while (old := await caller.final()).branch != "z9hG4bKold":
            continue
        assert old.status == 500
        caller.close()

    with_gateway(test)


def test_other_streams_than_sound_are_refused_and_the_call_made() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        body = b"m=video 6000 RTP/AVP 31\r\n".join(offer("127.0.0.1", caller.rtp.port, 1).partition(b"m=audio")[::2]).replace(
            b"31\r\n ", b"31\r\nm=audio "
        )
        answered = await caller.call(body)
        assert b"m=video 0 RTP/AVP 31\r\nm=audio " in answered.body
        caller.close()

    with_gateway(test)


def test_keep_alives_and_noise_are_ignored_and_the_next_call_is_answered() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        for noise in (b"", b"\r\n\r\n", b"\0" * 4, b"hello\r\n\r\n", secrets.token_bytes(1200), b"SIP/2.0 200 OK\r\n\r\n"):
            caller.send(noise)
        assert (await caller.call()).status == 200
        assert isinstance(parse(caller.request("BYE").encoded()), SipRequest)
        caller.close()

    with_gateway(test)


def test_a_caller_whose_line_is_cut_is_asked_and_let_go() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        await caller.call()
        caller.close()
        await session.over.wait()
        assert session.events[-1] == HungUp(HangUpCause.MEDIA_GONE)
        await nothing_left(gateway)

    with_gateway(test, Bounds(t1=0.01, silence_seconds=0.2))


def test_a_caller_who_is_only_silent_is_asked_and_stays() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        await caller.call()
        for _ in range(2):
            asked = await caller.receive()
            assert isinstance(asked, SipRequest) and asked.method == "OPTIONS"
            caller.send(response_to(asked, 200))
        assert gateway.endpoint.running == 1

    with_gateway(test, Bounds(silence_seconds=0.2))


def test_who_says_bye_instead_of_ack_is_not_answered_any_more() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        caller.send(caller.request("INVITE", SDP, body=offer("127.0.0.1", caller.rtp.port, 1)))
        assert (await caller.final()).status == 200
        caller.send(caller.request("BYE"))
        while (await caller.final()).cseq[1] != "BYE":
            continue
        await session.over.wait()
        assert session.events[-1] == HungUp(HangUpCause.CALLER)
        assert not gateway.endpoint.transactions._repeating

    with_gateway(test)

"""One conformance suite, run over every way calls come to us."""

import asyncio
from collections.abc import Callable

import pytest

from guildhall.testing.media_gateway import CHECKS, Check, Driver, run
from tests.providers.telephony.asterisk_driver import AsteriskDriver, AudioSocketDriver
from tests.providers.telephony.drivers import SimulatorDriver, SipBridgeDriver, SipDriver
from tests.providers.telephony.streams_driver import StreamsDriver

DRIVERS: tuple[Callable[[], Driver], ...] = (
    SimulatorDriver,
    SipDriver,
    SipBridgeDriver,
    AsteriskDriver,
    AudioSocketDriver,
    StreamsDriver,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("driver", DRIVERS, ids=lambda driver: driver.__name__)
def test_every_gateway(driver: Callable[[], Driver], check: Check) -> None:
    async def tested() -> None:
        await run(check, driver())

    asyncio.run(tested())

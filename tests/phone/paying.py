"""A call in which a card is paid with by keys: what is to be heard of it in a recording, and what must not be."""

import math
import struct

import numpy as np

from guildhall.channels.phone.moves import Collect, Expect, Move, Spoken
from guildhall.channels.phone.ports import RATE
from guildhall.channels.phone.states import CallState
from guildhall.councils.phone_config import Recording
from guildhall.providers.telephony.g711 import Law, decode
from tests.channels.phone.fakes import PlainDialogue

CARD = "4929123456781234"
ASKS_HZ, CARD_HZ, PIN_HZ = 300.0, 700.0, 1100.0
ON = Recording(on=True, purpose="complaints", lawful_basis="public_task", after_transfer="stop")


def tone(pitch: float, seconds: float) -> bytes:
    return b"".join(struct.pack("<h", round(8000 * math.sin(2 * math.pi * pitch * n / RATE))) for n in range(round(seconds * RATE)))


def loudness(track: bytes, pitch: float) -> float:
    samples = decode(track, Law.A).astype(float)
    at = np.arange(len(samples))
    return float(abs(np.sum(samples * np.exp(-2j * np.pi * pitch * at / RATE))) / RATE)


class PayingDialogue(PlainDialogue):
    """6 is the payment line, 3 asks for a PIN."""

    def pressed(self, keys: str) -> Move:
        if keys == "6":
            return Move((Spoken("I put you through to the payment line."),), pay=True)
        if keys == "3":
            return Move((Spoken("Press your PIN."),), CallState.COLLECTING, Expect(collect=Collect(16, secret=True)))
        return Move((Spoken("Thank you."),), CallState.OPEN, Expect()) if len(keys) > 1 else super().pressed(keys)

"""Whether and how the gateway's calls are recorded, as the council's phone.yaml has it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from guildhall.channels.phone.ports import CallLeg, CallTap
from guildhall.channels.phone.recording import OpensRecordings, RecordingTap
from guildhall.councils.phone_config import PhoneFile
from guildhall.providers.telephony.g711 import to_a_law
from guildhall.storage.recordings import RecordingFile

WRITERS = 2
"""Threads that write; a second of a hundred calls is written in a fraction of one."""


def taps_of(phone: PhoneFile, opens: OpensRecordings, folder: Path) -> Callable[[CallLeg], CallTap | None]:
    """What takes in the sound of each call: nothing, unless recording is on in phone.yaml."""
    if not phone.recording.on:
        return lambda _: None
    executor = ThreadPoolExecutor(WRITERS, thread_name_prefix="recording")
    return lambda _: RecordingTap(opens, lambda head, key: RecordingFile(folder, head, key), executor, to_a_law)

"""What is said a little ahead, and called back."""

from dataclasses import dataclass, field

from guildhall.channels.phone.ports import FRAME_BYTES
from guildhall.providers.telephony.ahead import ECHO_TICKS, SILENCE, Ahead


@dataclass
class FakeWire:
    lead: int = 3
    steady: bool = False
    echoes: bool = False
    sent: list[bytes | str] = field(default_factory=list)

    def send(self, frame: bytes) -> None:
        self.sent.append(frame)

    def mark(self, name: str) -> None:
        self.sent.append(name)

    def clear(self) -> None:
        self.sent.append("clear")

    def close(self) -> None:
        self.sent.append("close")


def frames(count: int) -> bytes:
    return b"".join(bytes([n + 1]) * FRAME_BYTES for n in range(count))


def test_only_a_few_frames_are_ever_on_their_way_and_they_are_heard_in_order() -> None:
    wire, ahead = FakeWire(), Ahead(lambda mark: None)
    ahead.put(frames(6), "")
    heard = []
    for tick in range(8):
        heard.append(ahead.tick(wire)[:1])
        assert len(wire.sent) == min(6, 3 + tick)
    assert heard == [b"", b"\1", b"\2", b"\3", b"\4", b"\5", b"\6", b""]


def test_what_was_flushed_counts_what_is_on_its_way_too_and_its_marks_never_come() -> None:
    told: list[str] = []
    wire, ahead = FakeWire(echoes=True), Ahead(told.append)
    ahead.put(frames(6), "end")
    ahead.tick(wire)
    ahead.tick(wire)
    assert round(ahead.flush(wire), 2) == 0.1
    assert wire.sent[-1] == "clear"
    names = [sent for sent in wire.sent if isinstance(sent, str)]
    ahead.played(names[0])  # suppliers give marks back that they have cleared
    assert told == [] and ahead.flush(wire) == 0
    assert wire.sent.count("clear") == 1


def test_a_mark_is_told_when_the_far_end_gives_it_back_and_only_once() -> None:
    told: list[str] = []
    wire, ahead = FakeWire(echoes=True), Ahead(told.append)
    ahead.put(frames(1), "end")
    for _ in range(5):
        ahead.tick(wire)
    assert told == []
    for _ in range(2):
        ahead.played("m1")
    assert told == ["end"]


def test_a_mark_that_never_comes_back_is_told_in_the_end() -> None:
    told: list[str] = []
    wire, ahead = FakeWire(echoes=True), Ahead(told.append)
    ahead.put(frames(1), "end")
    for _ in range(ECHO_TICKS + 5):
        ahead.tick(wire)
    assert told == ["end"]


def test_where_marks_do_not_come_back_they_are_told_when_their_sound_was_played() -> None:
    told: list[str] = []
    wire, ahead = FakeWire(), Ahead(told.append)
    ahead.put(frames(2), "two")
    ahead.put(b"", "three")
    seen = []
    for _ in range(6):
        ahead.tick(wire)
        seen.append(list(told))
    assert seen == [[], [], [], ["two", "three"], ["two", "three"], ["two", "three"]]


def test_silence_is_sent_steadily_where_that_is_wanted_but_not_quite_always_into_a_queue() -> None:
    steady, queue, quiet = FakeWire(steady=True), FakeWire(steady=True, echoes=True), FakeWire()
    for wire in (steady, queue, quiet):
        ahead = Ahead(lambda mark: None)
        for _ in range(100):
            ahead.tick(wire)
    assert (len(steady.sent), len(queue.sent), len(quiet.sent)) == (100, 98, 0)
    assert set(steady.sent) == {SILENCE}

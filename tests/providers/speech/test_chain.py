"""Several services as one: what was said is not lost, what is broken is left alone, and a dialogue knows what works now."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest

from guildhall.channels.phone.speech import Grammar, Heard, Hearing, Listening, NotYetError, Phrase, Speaking, SpeechError
from guildhall.providers.speech.breaker import Breaker, Patience
from guildhall.providers.speech.chain import Ear, HearingChain, SpeakingChain, Voice
from guildhall.testing.speech.conformance import check_ear, check_voice
from guildhall.testing.speech.trouble import Trouble
from tests.providers.speech.services import EARS, PATIENT, QUICK, VOICES, hearing, speaking

MENU = Grammar("menu", (Phrase(("bins",), "waste", "1"),))
FRAME = bytes([1, 0] * 160)


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class StubEar:
    """Hears what it is given; fails as it is told: at `open`, `feed` or `finish`, or `never` answers."""

    name: str
    says: str = "bins"
    open_vocabulary: bool = True
    languages: frozenset[str] = frozenset({"en"})
    fails: str = ""
    utterances: list[bytes] = field(default_factory=list)
    cancelled: int = 0

    @property
    def hearing(self) -> Hearing:
        return Hearing(self.languages, self.open_vocabulary)

    async def open(self, language: str, grammar: Grammar | None, hints: Sequence[str] = ()) -> Listening:
        if language not in self.languages or (grammar is None and not self.open_vocabulary):
            raise SpeechError("not here")
        if self.fails == "open":
            raise SpeechError("no connection")
        if self.fails == "starts":
            raise NotYetError("it is still starting")
        self.utterances.append(b"")
        return StubListening(self, len(self.utterances) - 1)


@dataclass
class StubListening:
    ear: StubEar
    number: int

    async def feed(self, sound: bytes) -> None:
        self.ear.utterances[self.number] += sound
        if self.ear.fails == "feed" and len(self.ear.utterances[self.number]) > 640:
            raise SpeechError("dropped")

    async def finish(self) -> Heard:
        if self.ear.fails == "finish":
            raise SpeechError("too late")
        if self.ear.fails == "never":
            await asyncio.Event().wait()
        return Heard(self.ear.says if self.ear.utterances[self.number] else "", provider=self.ear.name)

    async def cancel(self) -> None:
        self.ear.cancelled += 1


async def say(chain: HearingChain, frames: int = 10, grammar: Grammar | None = MENU) -> Heard:
    listening = await chain.open("en", grammar)
    for _ in range(frames):
        await listening.feed(FRAME)
    return await listening.finish()


def two(clock: Clock, cloud: StubEar, embedded: StubEar) -> HearingChain:
    return HearingChain([Ear(cloud, Breaker(clock)), Ear(embedded, Breaker(clock))])


@pytest.mark.parametrize("step", ["open", "feed", "finish"])
def test_what_was_said_is_said_again_to_the_next_service(step: str) -> None:
    cloud, embedded = StubEar("cloud", fails=step), StubEar("embedded", open_vocabulary=False)
    heard = asyncio.run(say(two(Clock(), cloud, embedded)))
    assert (heard.provider, heard.text) == ("embedded", "bins")
    assert embedded.utterances == [FRAME * 10]
    assert cloud.cancelled == (0 if step == "open" else 1)  # its connection is let go


def test_a_service_that_fails_three_times_is_left_alone_and_then_tried_with_one_utterance() -> None:
    clock, cloud, embedded = Clock(), StubEar("cloud", fails="finish"), StubEar("embedded", open_vocabulary=False)
    chain = two(clock, cloud, embedded)
    for _ in range(3):
        assert chain.hearing.opens("en")
        asyncio.run(say(chain))
        clock.now += 1
    assert not chain.hearing.open_vocabulary and not chain.hearing.opens("en")  # the dialogue goes on with words and keys
    assert chain.hearing.languages == {"en"}
    asyncio.run(say(chain))
    assert len(cloud.utterances) == 3
    clock.now += 30
    asyncio.run(say(chain))
    assert len(cloud.utterances) == 4 and not chain.hearing.open_vocabulary  # tried once, and it failed
    clock.now += 31
    asyncio.run(say(chain))
    assert len(cloud.utterances) == 4  # it rests longer now
    clock.now += 30
    cloud.fails = ""
    assert asyncio.run(say(chain)).provider == "cloud"
    assert chain.hearing.opens("en")


def test_a_service_that_is_still_starting_has_not_failed() -> None:
    chain = HearingChain([Ear(ear := StubEar("embedded", fails="starts"), Breaker(Clock()))])
    for _ in range(5):
        with pytest.raises(SpeechError):
            asyncio.run(say(chain))
    ear.fails = ""
    assert asyncio.run(say(chain)).text == "bins", "it is asked again as soon as somebody speaks"


def test_open_words_are_an_error_when_only_a_grammar_is_left() -> None:
    clock, cloud = Clock(), StubEar("cloud", fails="finish")
    chain = two(clock, cloud, StubEar("embedded", open_vocabulary=False))
    with pytest.raises(SpeechError):
        asyncio.run(say(chain, grammar=None))
    assert chain.hearing.opens("en")  # one error is not the end


def test_errors_that_are_far_apart_are_forgiven() -> None:
    clock, cloud = Clock(), StubEar("cloud", fails="finish")
    chain = two(clock, cloud, StubEar("embedded"))
    for _ in range(6):
        asyncio.run(say(chain))
        clock.now += 16
    assert len(cloud.utterances) == 6


def test_only_one_caller_tries_a_service_that_has_rested() -> None:
    breaker = Breaker(clock := Clock(), Patience(errors=1))
    breaker.failed()
    clock.now = 31
    assert breaker.may_try
    breaker.began()
    assert not breaker.may_try
    breaker.left()  # nobody waited for the answer
    assert breaker.may_try and not breaker.closed
    breaker.began()
    breaker.succeeded()
    assert breaker.closed


def test_rest_grows_to_a_bound() -> None:
    breaker = Breaker(clock := Clock(), Patience(errors=1, rest_seconds=30, longest_rest_seconds=100))
    breaker.failed()
    for rest in (30, 60, 100, 100):
        clock.now += rest - 0.5
        assert not breaker.may_try
        clock.now += 0.5
        assert breaker.may_try
        breaker.began()
        breaker.failed()


def test_a_map_of_languages_bounds_what_each_service_is_asked_for() -> None:
    clock = Clock()
    first = StubEar("first", languages=frozenset({"en", "pl"}))
    second = StubEar("second", languages=frozenset({"en", "pl", "ur"}), open_vocabulary=False)
    chain = HearingChain([Ear(first, Breaker(clock), frozenset({"pl"})), Ear(second, Breaker(clock))])
    assert asyncio.run(say(chain)).provider == "second"
    assert chain.hearing.languages == {"en", "pl", "ur"}
    assert chain.hearing.opens("pl") and not chain.hearing.opens("en")


def test_a_cancelled_utterance_frees_the_trial() -> None:
    clock, cloud = Clock(), StubEar("cloud", fails="finish")
    breaker = Breaker(clock, Patience(errors=1))
    chain = HearingChain([Ear(cloud, breaker), Ear(StubEar("embedded"), Breaker(clock))])

    async def go() -> None:
        await say(chain)
        clock.now = 31
        listening = await chain.open("en", MENU)
        await listening.feed(FRAME)
        await listening.cancel()

    asyncio.run(go())
    assert breaker.may_try and cloud.cancelled == 2


def test_a_caller_who_hangs_up_before_the_answer_frees_the_trial() -> None:
    clock, cloud = Clock(), StubEar("cloud", fails="never")
    breaker = Breaker(clock, Patience(errors=1))
    chain = HearingChain([Ear(cloud, breaker)])

    async def go() -> None:
        breaker.failed()
        clock.now = 31
        waiting = asyncio.ensure_future(say(chain))
        await asyncio.sleep(0)
        assert not breaker.may_try
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

    asyncio.run(go())
    assert breaker.may_try and not breaker.closed


def test_a_chain_conforms_as_one_service_does() -> None:
    async def go() -> None:
        async with hearing(EARS[3]) as (ear, _), speaking(VOICES[0]) as (voice, _):
            await check_ear(HearingChain([Ear(ear, Breaker(Clock()))]), "en")
            await check_voice(SpeakingChain([Voice(voice, Breaker(Clock()))]), "en")

    asyncio.run(go())


def test_a_cloud_that_drops_in_the_middle_costs_no_words() -> None:
    async def go() -> Heard:
        async with hearing(EARS[3], QUICK, trouble=Trouble.DROPS_MIDWAY) as (deepgram, _), hearing(EARS[0], PATIENT) as (openai, server):
            chain = HearingChain([Ear(deepgram, Breaker(Clock())), Ear(openai, Breaker(Clock()))])
            heard = await say(chain, 50, None)
            assert FRAME * 50 in server.seen[0].body
            return heard

    heard = asyncio.run(go())
    assert (heard.text, heard.provider) == ("when is my bin day", "openai")


@dataclass
class StubVoice:
    name: str
    breaks_after: int = 99
    languages: frozenset[str] = frozenset({"en"})

    @property
    def speaking(self) -> Speaking:
        return Speaking(self.languages)

    async def speak(self, text: str, language: str, rate: float = 1.0) -> AsyncIterator[bytes]:
        for n in range(3):
            if n >= self.breaks_after:
                raise SpeechError("stalled")
            yield self.name.encode()


async def spoken(chain: SpeakingChain) -> list[bytes]:
    return [piece async for piece in chain.speak("Hello.", "en")]


@pytest.mark.parametrize(("after", "heard"), [(0, [b"two"] * 3), (2, [b"one"] * 2 + [b"two"] * 3)])
def test_a_voice_that_breaks_off_is_followed_by_the_next(after: int, heard: list[bytes]) -> None:
    clock = Clock()
    chain = SpeakingChain([Voice(StubVoice("one", after), Breaker(clock)), Voice(StubVoice("two"), Breaker(clock))])
    assert asyncio.run(spoken(chain)) == heard


def test_a_broken_voice_is_left_alone_and_takes_its_languages_along() -> None:
    clock, broken = Clock(), StubVoice("one", 0, frozenset({"en", "pl"}))
    chain = SpeakingChain([Voice(broken, Breaker(clock)), Voice(StubVoice("two"), Breaker(clock))])
    assert chain.speaking.languages == {"en", "pl"}
    for _ in range(3):
        asyncio.run(spoken(chain))
    assert chain.speaking.languages == {"en"}
    with pytest.raises(SpeechError, match="no voice could say this in `pl`"):
        asyncio.run(_first(chain, "pl"))


async def _first(chain: SpeakingChain, language: str) -> None:
    async for _ in chain.speak("Hello.", language):
        return

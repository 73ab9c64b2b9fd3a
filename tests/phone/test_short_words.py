"""Short words that the embedded hearing takes for others: whoever says one is asked, and not sent elsewhere. `benchmarks/phone_words` says them all."""

import asyncio

from benchmarks.phone_words.__main__ import Place, came, grammar_of, places
from guildhall.providers.speech.grammar_ear import GrammarEar
from guildhall.providers.speech.worker_pool import PoolLimits, WorkerPool
from tests.phone.speech_tools import caller_says, need

MISHEARD = {"bins": "polish", "house": "polish", "lamp post": "landlord", "arrears": "rubbish", "options": "rubbish"}
"""What one voice says at the first menu, and what it was taken for and done at once."""
VOICE = "awb"


async def what_comes(place: Place) -> dict[str, str]:
    pool, found = WorkerPool(PoolLimits(workers=1, answer_seconds=60.0)), {}
    await pool.start()
    try:
        ear, means = GrammarEar(pool), dict(place.says)
        for says in MISHEARD:
            listening = await ear.open("en", grammar_of(place.open()[1]))
            await listening.feed(caller_says(says, VOICE))
            found[says] = came(place, means[says], says, await listening.finish())
        return found
    finally:
        await pool.close()


def test_nobody_is_sent_elsewhere_by_a_short_word_that_was_misheard() -> None:
    need("flite", "sox")
    found = asyncio.run(what_comes(next(places())))
    assert set(found) == set(MISHEARD) and not any(how.startswith("wrong") for how in found.values()), found

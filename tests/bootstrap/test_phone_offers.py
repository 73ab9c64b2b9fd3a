"""Calls offer a language by the same rule as what is told about them, also where somebody has recorded half of it."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from guildhall.bootstrap.phone_offers import offers_of
from guildhall.bootstrap.phone_wiring import heard_council
from guildhall.bootstrap.speech import Speech
from guildhall.channels.phone.speech import Hearing, Speaking
from guildhall.councils.loading import load_council
from guildhall.providers.speech.offered import Offer
from guildhall.providers.speech.prompt_pack import Line, PromptPack
from guildhall.providers.speech.prompt_voice import PromptVoice

PROFILE = load_council(Path("councils"), "avonmere", Path("var/cache/yaml"))
SOUNDS = {"Soo dhowow.": bytes(3200)}
WHOLE = PromptPack("so", SOUNDS)
HALF = PromptPack("so", SOUNDS, missing=(Line("phone.menu.wav", "phone.menu", 1, "Riix hal."),))
HEARS = Hearing(frozenset({"en", "pl", "so"}), open_vocabulary=True)


@pytest.mark.parametrize(("pack", "offer"), [(WHOLE, Offer.GREETED), (HALF, Offer.PERSON)], ids=["whole", "half"])
def test_a_recorded_language_is_offered_in_calls_as_it_is_told_and_never_as_open_conversation(pack: PromptPack, offer: Offer) -> None:
    recorded = PromptVoice({"so": pack}).speaking
    speaking = Speaking(frozenset({"en", "pl"}) | recorded.languages, recorded=recorded.recorded)
    told = {one.language: one.offer for one in offers_of(PROFILE, HEARS, speaking)}
    speech = cast(Speech, SimpleNamespace(hearing=SimpleNamespace(hearing=HEARS), voice=SimpleNamespace(speaking=speaking)))
    council = heard_council(PROFILE, speech, open_words=False)
    assert told["so"] == offer and told["pl"] == Offer.OPEN
    assert set(council.languages) == {language for language, how in told.items() if how != Offer.PERSON} - {"en"}
    assert council.open_languages == {language for language, how in told.items() if how == Offer.OPEN}

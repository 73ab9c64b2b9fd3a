"""A language is offered by voice only if hearing and speaking in it are both real; else by keys, or by a person. With the reason."""

import pytest

from guildhall.channels.phone.speech import Hearing, Speaking
from guildhall.providers.speech.espeak import VOICES
from guildhall.providers.speech.offered import Offer, Recorded, offers

GRAMMARS = Hearing(frozenset({"en"}), open_vocabulary=False, on_premises=True)
OPEN = Hearing(frozenset({"en", "pl", "ps"}), open_vocabulary=True)
EMBEDDED = Speaking(frozenset(VOICES), on_premises=True)
COUNCIL = ("en", "pl", "ur", "ro", "pa", "ar", "cs", "sk", "so", "ps")


def offered(*args: object, **kwargs: object) -> dict[str, Offer]:
    return {one.language: one.offer for one in offers(COUNCIL, *args, **kwargs)}  # type: ignore[arg-type]


def test_a_fresh_machine_hears_english_and_offers_six_more_by_keys() -> None:
    found = offered([GRAMMARS], [EMBEDDED])
    assert {language for language, offer in found.items() if offer == Offer.DIRECTED} == {"en"}
    assert {language for language, offer in found.items() if offer == Offer.KEYS} == {"pl", "ur", "ro", "pa", "cs", "sk"}
    assert {language for language, offer in found.items() if offer == Offer.PERSON} == {"ar", "so", "ps"}


def test_hearing_without_a_voice_is_no_offer() -> None:
    assert offered([OPEN], [EMBEDDED])["ps"] == Offer.PERSON


def test_a_voice_and_open_hearing_are_a_conversation() -> None:
    assert offered([OPEN], [EMBEDDED])["pl"] == Offer.OPEN


def test_an_open_service_that_is_down_leaves_the_grammars() -> None:
    down = Hearing(frozenset({"en", "pl"}), open_vocabulary=True, open_languages=frozenset())
    assert offered([down], [EMBEDDED])["en"] == Offer.DIRECTED


def test_a_whole_pack_offers_a_language_by_keys_and_a_torn_one_does_not() -> None:
    assert offered([GRAMMARS], [EMBEDDED], {"ps": Recorded(40, 0)})["ps"] == Offer.KEYS
    assert offered([GRAMMARS], [EMBEDDED], {"ps": Recorded(39, 1)})["ps"] == Offer.PERSON
    assert offered([GRAMMARS], [EMBEDDED], {"ps": Recorded(40, 0, 1)})["ps"] == Offer.PERSON


def test_recordings_alone_are_no_open_conversation() -> None:
    """Answers cannot be recorded, so what is heard could not be answered."""
    assert offered([OPEN], [], {"ps": Recorded(40, 0)})["ps"] == Offer.DIRECTED


def test_without_any_voice_nothing_is_offered_but_a_person() -> None:
    assert set(offered([OPEN, GRAMMARS], []).values()) == {Offer.PERSON}


@pytest.mark.parametrize(
    ("pack", "why"),
    [
        (None, "No voice speaks it, and none of its wording is recorded."),
        (Recorded(0, 41), "No voice speaks it, and none of its wording is recorded."),
        (Recorded(30, 11), "No voice speaks it, and 11 of its 41 sentences are not recorded."),
        (Recorded(30, 0, 2), "No voice speaks it, and 2 of its recordings are not in order."),
    ],
)
def test_the_reason_says_what_is_missing(pack: Recorded | None, why: str) -> None:
    (found,) = offers(["so"], [GRAMMARS], [EMBEDDED], {"so": pack} if pack else {})
    assert found.why == why


def test_a_language_in_which_the_menus_are_not_written_has_nothing_to_press_keys_for() -> None:
    found = {one.language: one.offer for one in offers(COUNCIL, [GRAMMARS], [EMBEDDED], menus=lambda language: language in ("en", "pl"))}
    assert (found["en"], found["pl"], found["cs"], found["so"]) == (Offer.DIRECTED, Offer.KEYS, Offer.GREETED, Offer.PERSON)
    assert {one.offer for one in offers(["pl"], [OPEN], [EMBEDDED], menus=lambda _: False)} == {Offer.OPEN}, "who is heard needs no menus"

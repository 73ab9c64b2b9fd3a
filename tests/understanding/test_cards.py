from guildhall.understanding.cards import read_card


def rate(hits: int, of: int) -> dict[str, float]:
    return {"hits": hits, "of": of, "share": hits / of, "low": 0.1, "high": 0.9}


def test_a_card_of_one_language_and_one_of_many_read_alike() -> None:
    results = {"found": {"all:confirm:brought": rate(9, 10), "attack:confirm:found": rate(1, 2)}, "false_alarms": {"ordinary": rate(1, 50)}}
    one = read_card("en", {"title": "T", "version": 2, "languages": ["en"], "validated": ["en"], "held_out": results}, {})
    many = read_card("nine", {"languages": ["pl", "ur"], "good_enough_but_for_a_review": ["ur"], "held_out": {"pl": results}}, {})
    assert one.languages[0].validated and one.languages[0].brought == many.languages[0].brought
    assert [language.waits_for for language in (*one.languages, *many.languages)] == [
        "", "better results, and a native speaker's review", "a native speaker's review",
    ]  # fmt: skip
    assert many.languages[1].heard == ()


def test_thresholds_stand_beside_what_they_bring_about() -> None:
    found = {"found": {"bereavement:confirm:brought": rate(4, 5), "bereavement:screen:offered": rate(1, 1)}}
    card = read_card("en", {"languages": ["en"], "held_out": found}, {"en": {"bereavement:confirm": 0.5}})
    (heard,) = card.languages[0].heard
    assert (heard.confirm_at, heard.screen_at, heard.offered) == (0.5, None, card.languages[0].heard[0].offered)


def test_code_in_a_card_is_put_in_quotation_marks() -> None:
    assert read_card("en", {"known_failures": ["`who do I leave a key with` is missed"]}, {}).known_failures == (
        "“who do I leave a key with” is missed",
    )

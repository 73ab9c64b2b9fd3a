"""Replies and macros: the baseline's with the council's over them, and a mistake told with its place and its remedy."""

from pathlib import Path

import pytest

from guildhall.councils.loading import load_council
from guildhall.handoffs.desk_file import PLACEHOLDERS
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.languages import Language
from tests.councils.small import write

OWN = "smallton/desk.yaml"
REPLY = """
reviewed_by: a tester
replies:
  sorry:
    title: We are sorry
    owner: front desk
    review_by: 2027-01-01
    texts:
      en: {status: approved, text: "We are sorry. Your reference is {reference}."}
      pl: {status: draft, text: "Przepraszamy. Numer: {reference}."}
"""
MACRO = """
macros:
  close:
    title: Close it
    owner: front desk
    review_by: 2027-01-01
    reply: sorry
    labels: [complaint]
    service: bulky-waste
    wrap_up: resolved
"""
GOOD = REPLY + MACRO


def test_the_councils_reply_takes_the_place_of_the_baselines(tmp_path: Path) -> None:
    write(tmp_path, {"_baseline/desk.yaml": REPLY, OWN: GOOD.replace("We are sorry. Your", "Sorry! Your").replace("close:", "shut:")})
    desk = load_council(tmp_path, "smallton").desk
    assert desk.replies["sorry"].texts[Language.ENGLISH].text.startswith("Sorry!")
    assert set(desk.macros) == {"shut"}


def test_a_council_without_the_file_has_the_baselines(tmp_path: Path) -> None:
    write(tmp_path, {"_baseline/desk.yaml": REPLY})
    assert set(load_council(tmp_path, "smallton").desk.replies) == {"sorry"}
    write(tmp_path / "bare")
    assert load_council(tmp_path / "bare", "smallton").desk.replies == {}


def changed(old: str, new: str) -> dict[str, str]:
    assert old in GOOD
    return {OWN: GOOD.replace(old, new)}


TEXTS = GOOD[GOOD.index("    texts:") : GOOD.index("macros:")].rstrip("\n") + "\n"
BAD = [
    ("a key nobody knows", changed("title: We are sorry", "colour: red"), "desk.yaml:4 (key `replies.sorry.colour`): this key is not known. Remove it, or check its spelling."),
    ("no title", changed("    title: We are sorry\n", ""), "desk.yaml:3 (key `replies.sorry.title`): a needed key is missing. Add `title`."),
    ("a misspelt key", changed("    reply: sorry", "    repply: sorry"), "desk.yaml:16 (key `macros.close.repply`): this key is not known. Remove it, or check its spelling."),
    ("a code with a capital", changed("  sorry:\n", "  Sorry:\n"), "desk.yaml:3 (key `replies.Sorry.[key]`): string should match pattern"),
    ("a code twice", changed("  close:", "  sorry:"), "desk.yaml:1: `sorry` is the code of a reply and of a macro; give one of the two another code."),
    ("nobody who owns it", changed("    owner: front desk\n    review_by: 2027-01-01\n    texts", "    review_by: 2027-01-01\n    texts"), "(key `replies.sorry.owner`): a needed key is missing. Add `owner`."),
    ("no day to check it again", changed("    review_by: 2027-01-01\n    texts", "    texts"), "(key `replies.sorry.review_by`): a needed key is missing. Add `review_by`."),
    ("a day that is none", changed("review_by: 2027-01-01\n    texts", "review_by: soon\n    texts"), "desk.yaml:6 (key `replies.sorry.review_by`): input should be a valid date"),
    ("a placeholder about the resident", changed("Your reference is {reference}.", "Hello {name}, {reference}."), "desk.yaml:8 (key `replies.sorry.texts.en.text`): `{name}` is no placeholder of a reply; use {reference}, {queue}, {council}, {adviser}, or write the words out."),
    ("a brace that is not closed", changed("reference is {reference}.", "reference is {reference}. {"), "(key `replies.sorry.texts.en.text`): a brace is opened and not closed, or closed and not opened."),
    ("another placeholder in a translation", changed("Numer: {reference}.", "Numer: {queue}."), "desk.yaml:3 (key `replies.sorry`): the text in `pl` has other placeholders than the English one; use the same."),
    ("no English", changed('      en: {status: approved, text: "We are sorry. Your reference is {reference}."}\n', ""), "desk.yaml:3 (key `replies.sorry`): `texts` lacks English, which stands in where a language is missing; add `en`."),
    ("English that nobody approved", changed("en: {status: approved", "en: {status: draft"), "desk.yaml:3 (key `replies.sorry`): the English text must be `approved`; a reply that nobody approved cannot be offered."),
    ("a status that is none", changed("pl: {status: draft", "pl: {status: perhaps"), "desk.yaml:9 (key `replies.sorry.texts.pl.status`): `perhaps` is not one of the values allowed. Use 'approved' or 'draft'."),
    ("a language we do not have", changed("pl: {status", "fr: {status"), "(key `replies.sorry.texts.fr.[key]`): `fr` is not one of the values allowed."),
    ("nobody who approved the file", changed("reviewed_by: a tester\n", ""), "desk.yaml:1: approved replies need `reviewed_by`."),
    ("texts and a wording", changed("    texts:\n", "    wording: care\n    texts:\n"), "desk.yaml:3 (key `replies.sorry`): a reply has either `texts` or the id of a `wording`; give one of the two."),
    ("a wording that is not there", changed(TEXTS, "    wording: nope\n"), "desk.yaml:7 (key `replies.sorry.wording`): the reply `sorry` names the wording `nope`, which does not exist. Use an id of wording/en.yaml."),
    ("a wording that cannot be filled", {**changed(TEXTS, "    wording: wait\n"), "smallton/wording/en.yaml": "language: en\nreviewed_by: us\nwordings:\n  wait: {text: 'You are number {position}', status: approved}\n"}, "desk.yaml:7 (key `replies.sorry.wording`): the reply `sorry` names the wording `wait`, which needs {position}, and the desk cannot fill that. Use a wording without it, or write `texts`."),
    ("a macro that does nothing", {OWN: REPLY + MACRO[: MACRO.index("    reply:")]}, "(key `macros.close`): a macro does at least one of `reply`, `labels`, `service`, `snooze` and `wrap_up`."),
    ("a macro that closes and puts aside", changed("    wrap_up: resolved", "    wrap_up: resolved\n    snooze: hour"), "(key `macros.close`): a macro cannot both `snooze` and `wrap_up`; a conversation that is over is not put aside."),
    ("a reply that is not there", changed("    reply: sorry", "    reply: nope"), "desk.yaml:16 (key `macros.close.reply`): the macro `close` puts in the reply `nope`, which does not exist. The replies are: sorry."),
    ("a label that is not there", changed("labels: [complaint]", "labels: [Mrs Smith]"), "desk.yaml:17 (key `macros.close.labels`): the macro `close` adds the label `Mrs Smith`, which handoffs.yaml does not have. Use one of complaint, "),
    ("a service that is not there", changed("service: bulky-waste", "service: dragons"), "desk.yaml:18 (key `macros.close.service`): the macro `close` links the service `dragons`, which is not in the catalogue. Use a key of services/*.yaml."),
    ("a wrap-up that is none", changed("wrap_up: resolved", "wrap_up: bored"), "desk.yaml:19 (key `macros.close.wrap_up`): `bored` is not one of the values allowed."),
    ("a snooze that is none", changed("wrap_up: resolved", "snooze: forever"), "desk.yaml:19 (key `macros.close.snooze`): `forever` is not one of the values allowed."),
    ("a baseline's macro that the council pulled the reply from", {"_baseline/desk.yaml": REPLY + MACRO.replace("reply: sorry", "reply: gone")}, "_baseline/desk.yaml:16 (key `macros.close.reply`): the macro `close` puts in the reply `gone`, which does not exist."),
    ("one code for a reply below and a macro above", {"_baseline/desk.yaml": REPLY, OWN: MACRO.replace("close:", "sorry:").replace("    reply: sorry\n", "")}, "smallton/desk.yaml: `sorry` is the code of a reply and of a macro; give one of the two another code."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "changes", "message"), BAD, ids=[case[0] for case in BAD])
def test_a_mistake_is_told_with_its_place_and_its_remedy(kind: str, changes: dict[str, str], message: str, tmp_path: Path) -> None:
    write(tmp_path, changes)
    with pytest.raises(ConfigurationError) as caught:
        load_council(tmp_path, "smallton")
    assert message in str(caught.value), str(caught.value)


def test_what_a_reply_is_filled_with_says_nothing_about_the_resident() -> None:
    assert PLACEHOLDERS == ("reference", "queue", "council", "adviser")


def test_the_shipped_replies_that_stand_for_safety_speak_every_language() -> None:
    profile = load_council(Path("councils"), "avonmere")
    for code in ("safe-to-talk", "hello", "anything-else", "moment"):
        assert set(profile.desk.replies[code].texts) == set(Language), code
    for code in ("interpreter", "samaritans", "danger", "domestic-abuse", "child-worry", "gas"):
        wording = profile.desk.replies[code].wording
        assert all(profile.wordings.status(wording, language) != "missing" for language in Language), code

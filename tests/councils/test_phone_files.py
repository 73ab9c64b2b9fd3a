"""`phone.yaml`: the baseline's with the council's over it, few choices, safety within ten seconds, and only lines that are written down."""

import re
from pathlib import Path

import pytest

from guildhall.councils.loading import load_council
from guildhall.councils.phone_config import MAIN_MENU, MOST_LEVELS, MOST_OPTIONS, PhoneFile
from guildhall.councils.phone_files import check_notice
from guildhall.councils.phone_notice import NOTICE_SECONDS, SAFETY_SECONDS, notice_ids, seconds_to_say
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.languages import Language
from tests.councils.small import FILES, write

OWN = "smallton/phone.yaml"
GOOD = """
lines:
  advisers: {number: "01632 960100"}
  payments: {number: "01632 960201"}
failover: advisers
payment: payments
queues: {front-desk: advisers}
danger:
  gas: {key: "1", label: {en: gas}, words: {en: [gas]}, wording: care, says: I can smell gas}
crisis:
  harm: {key: "1", label: {en: harm}, words: {en: [harm]}, wording: care, says: I want to die}
person_words: {en: [person]}
menus:
  main:
    options:
      - {key: "1", label: {en: bins}, menu: bins}
  bins:
    options:
      - {key: "1", label: {en: large items}, ask: {en: "How much is a collection?"}, service: bulky-waste}
languages:
  pl: {key: "1", offer: "Po polsku: jeden", status: draft}
"""
WORDINGS = """
language: en
reviewed_by: us
wordings:
  phone.notice: {text: "{place} council's automated assistant. I take notes.", status: approved}
  phone.notice_unkept: {text: "{place}'s automated assistant. I keep no lasting notes.", status: approved}
  phone.notice_outside: {text: "{place}'s automated assistant. A supplier transcribes.", status: approved}
  phone.notice_recorded: {text: "{place} council's automated assistant. Calls are recorded.", status: approved}
  phone.notice_recorded_outside: {text: "{place}'s automated assistant. We record and a firm types.", status: approved}
  phone.safety_keys: {text: "Danger, press {danger}. Crisis, press {crisis}. A person, press {person}.", status: approved}
"""
POLISH = """
language: pl
wordings:
  phone.notice: {text: "Automat {place}.", status: draft}
"""
BASE = {OWN: GOOD, "smallton/wording/en.yaml": WORDINGS, "smallton/wording/pl.yaml": POLISH}
DEMO = load_council(Path("councils"), "avonmere")


def changed(old: str, new: str, name: str = OWN) -> dict[str, str]:
    assert old in BASE[name]
    return {name: BASE[name].replace(old, new)}


def options(count: int) -> str:
    return "\n".join(f'      - {{key: "{n}", label: {{en: choice}}, ask: {{en: "What?"}}}}' for n in range(1, count + 1))


DEEP = GOOD.replace('ask: {en: "How much is a collection?"}, service: bulky-waste}', "menu: third}") + "\n".join(
    f'  {name}:\n    options: [{{key: "1", label: {{en: on}}, menu: {further}}}]'
    for name, further in (("third", "fourth"), ("fourth", "main"))
).join(["", ""])
DEEP = DEEP.replace('languages:\n  pl: {key: "1", offer: "Po polsku: jeden", status: draft}\n', "")
BAD = [
    ("five choices", changed(GOOD[GOOD.index("      - {key: \"1\", label: {en: large"): GOOD.index("languages:")], options(5).replace('"5"', '"4"') + "\n"), "a menu has at most 4 options, and this one has 5; put some of them into a menu of their own."),
    ("a key twice", changed("menu: bins}", 'menu: bins}\n      - {key: "1", label: {en: more}, menu: bins}'), "key 1 is used twice in one menu"),
    ("four levels", {OWN: DEEP}, "`main > bins > third > fourth` is 4 levels deep, and at most 3 can be kept in mind by ear."),
    ("a menu that leads back", {OWN: GOOD.replace('ask: {en: "How much is a collection?"}, service: bulky-waste}', "menu: main}")}, "the menu `main` leads back to itself."),
    ("a menu that is not there", changed("menu: bins}", "menu: binz}"), "phone.yaml:15 (key `menus.main.options.0.menu`): the menu `binz` does not exist. The menus are: main, bins."),
    ("a menu nobody comes to", changed("  bins:\n", "  lost:\n    options: [{key: \"1\", label: {en: x}, ask: {en: \"X?\"}}]\n  bins:\n"), "no option leads to the menu `lost`."),
    ("a choice that leads nowhere", changed(", menu: bins}", "}"), "the option on key 1 leads to either a `menu` or a question to `ask`; give one of the two."),
    ("a service that is not there", changed("service: bulky-waste", "service: dragons"), "phone.yaml:18 (key `menus.bins.options.0.service`): the service `dragons` is not in the catalogue."),
    ("no English label", changed("label: {en: bins}", "label: {pl: kosze}"), "the text lacks English, which stands in where a language is missing; add `en`."),
    ("a line that is not there", changed("payment: payments", "payment: bank"), "phone.yaml:5 (key `payment`): the line `bank` is not in `lines`. The lines are: advisers, payments."),
    ("no line for our own faults", changed("failover: advisers\n", ""), "no line rings when something of ours fails. Add `failover`"),
    ("a queue that is not there", changed("front-desk: advisers", "back-desk: advisers"), "phone.yaml:6 (key `queues.back-desk`): `back-desk` is not a queue."),
    ("a number that is none", changed('"01632 960201"', '"ring us"'), "`ring us` is no phone number"),
    ("a queue whose number may not be dialled", {"smallton/handoffs.yaml": FILES["_baseline/handoffs.yaml"].replace("hours: office", 'hours: office, phone: "01632 960777"')}, "callers of the queue `front-desk` are put through to 01632 960777, which is no line that may be dialled."),
    ("a wording that is not there", changed("wording: care, says: I can", "wording: carre, says: I can"), "phone.yaml:8 (key `danger.gas.wording`): the wording `carre` does not exist."),
    ("no way out of danger", changed(GOOD[GOOD.index("danger:"): GOOD.index("crisis:")], ""), "callers can choose from menus, but `danger` is empty."),
    ("the key of a menu for danger", changed("failover:", 'keys: {danger: "1"}\nfailover:'), "`danger` is on key 1, which menus use; use one of 5 to 9, * and #."),
    ("one key for two things", changed("failover:", 'keys: {danger: "7"}\nfailover:'), "`crisis` and `danger` are both on key 7; give each a key of its own."),
    ("another key for a person", changed("failover:", 'keys: {person: "6"}\nfailover:'), "(key `keys.person`): `6` is not one of the values allowed. Use '0'."),
    ("recording without a purpose", changed("failover:", "recording: {on: true, lawful_basis: public_task, after_transfer: stop}\nfailover:"), "calls cannot be recorded without `purpose`; write it down, or leave recording off."),
    ("recording of whoever takes the call, or not", changed("failover:", "recording: {on: true, purpose: training, lawful_basis: public_task}\nfailover:"), "calls cannot be recorded without `after_transfer`"),
    ("recording of what is not kept", changed("failover:", "recording: {on: true, purpose: training, lawful_basis: public_task, after_transfer: stop}\ntranscript: {on: false}\nfailover:"), "calls cannot be recorded while their transcript is not kept: a recording opens with the key of the words"),
    ("no transcript without the words in a language", changed("failover:", "transcript: {on: false}\nfailover:"), "the phone offers `pl`, but the notice `phone.notice_unkept` does not exist in it."),
    ("recording without the words in a language", changed("failover:", "recording: {on: true, purpose: training, lawful_basis: public_task, after_transfer: stop}\nfailover:"), "the phone offers `pl`, but the notice `phone.notice_recorded` does not exist in it."),
    ("a notice that goes on and on", {"smallton/wording/en.yaml": WORDINGS.replace("I take notes.", "I take notes of everything that you and I say to each other.")}, "seconds, and nobody can interrupt it. Shorten `short_name` or the wording, so that it is over in 4 seconds."),
    ("danger far down", {"smallton/wording/en.yaml": WORDINGS.replace("Danger, press", "Welcome to our new and much improved telephone service. Danger, press")}, "a caller in danger hears which key to press only after"),
    ("a language the council does not have", {**changed("  pl: {key", "  ur: {key"), "smallton/council.yaml": FILES["smallton/council.yaml"] + "languages: [en, pl]\n"}, "the phone offers `ur`, which council.yaml does not list under `languages`."),
    ("a peer that is none", changed("failover:", "allowed_peers: [our provider]\nfailover:"), "`our provider` is no IP address or network"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "changes", "message"), BAD, ids=[case[0] for case in BAD])
def test_a_mistake_is_told_with_its_place_and_its_remedy(kind: str, changes: dict[str, str], message: str, tmp_path: Path) -> None:
    write(tmp_path, {**BASE, **changes})
    with pytest.raises(ConfigurationError) as caught:
        load_council(tmp_path, "smallton")
    assert message in str(caught.value), str(caught.value)


def test_the_councils_entries_take_the_place_of_the_baselines_one_by_one(tmp_path: Path) -> None:
    baseline = GOOD[GOOD.index("danger:") :] + "answer_words: 40\n"
    own = "lines:\n  advisers: {number: '01632 960100'}\nfailover: advisers\ndanger:\n  flood: {key: '2', label: {en: flood}, words: {en: [flood]}, wording: care, says: It floods}\n"
    write(tmp_path, {**BASE, "_baseline/phone.yaml": baseline, OWN: own})
    phone = load_council(tmp_path, "smallton").phone
    assert (set(phone.danger), set(phone.menus), phone.answer_words) == ({"gas", "flood"}, {"main", "bins"}, 40)


def test_a_notice_that_only_a_supplier_makes_too_long_stops_the_phone_and_not_the_council(tmp_path: Path) -> None:
    longer = WORDINGS.replace("A supplier transcribes.", "A supplier, chosen with care, transcribes what you say.")
    profile = load_council(write(tmp_path, {**BASE, "smallton/wording/en.yaml": longer}), "smallton")
    check_notice(profile, transcribed_outside=False)
    with pytest.raises(ConfigurationError, match="nobody can interrupt it"):
        check_notice(profile, transcribed_outside=True)


def test_a_council_without_the_file_has_no_phone_and_still_loads(tmp_path: Path) -> None:
    assert not load_council(write(tmp_path), "smallton").phone.serves


def test_only_lines_that_are_written_down_may_be_dialled() -> None:
    phone = DEMO.phone
    assert phone.dialable("+44 1632 960100") == phone.dialable("01632960100") == phone.lines["advisers"]
    assert phone.dialable("0900 123456") is None and phone.dialable("") is None


def test_the_demonstration_councils_numbers_are_for_drama_only() -> None:
    for line in DEMO.phone.lines.values():
        assert re.fullmatch(r"01632 960\d{3}|07700 900\d{3}", line.number)


def test_every_queue_of_the_demonstration_council_has_a_line() -> None:
    assert set(DEMO.phone.queues) == set(DEMO.handoffs.queues)
    for queue, entry in DEMO.handoffs.queues.items():
        line = DEMO.phone.line_of_queue(queue)
        assert line is not None and line.number == entry.phone


def test_calls_are_not_recorded_until_a_council_writes_why() -> None:
    assert not PhoneFile().recording.on and not DEMO.phone.recording.on


def test_nobody_but_this_machine_may_send_calls_until_peers_are_listed() -> None:
    assert PhoneFile().allowed_peers == DEMO.phone.allowed_peers == ("127.0.0.1",)


@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize("outside", [True, False])
def test_the_notice_says_machine_and_what_is_kept_and_the_safety_keys_follow_within_ten_seconds(recorded: bool, outside: bool) -> None:
    (wording,) = notice_ids(recorded, outside)
    notice = DEMO.wordings.say(wording, "en", place=DEMO.council.short_name)
    keys = DEMO.wordings.say("phone.safety_keys", "en", danger="9", crisis="7", person="0")
    assert "automated" in notice and ("record" in notice) == recorded and ("supplier" in notice or "firm" in notice) == outside
    assert seconds_to_say(notice, "en") <= NOTICE_SECONDS
    assert seconds_to_say(f"{notice} {keys}", "en") <= SAFETY_SECONDS


def test_the_demonstration_councils_menus_are_small_enough_to_keep_in_mind() -> None:
    menus = DEMO.phone.menus

    def depth(name: str) -> int:
        return 1 + max((depth(option.menu) for option in menus[name].options if option.menu), default=0)

    assert depth(MAIN_MENU) <= MOST_LEVELS and max(len(menu.options) for menu in menus.values()) <= MOST_OPTIONS


@pytest.mark.parametrize("language", list(Language))
def test_danger_crisis_and_a_person_have_words_in_every_language(language: Language) -> None:
    phone = DEMO.phone
    for words in (phone.danger_words, phone.crisis_words, phone.person_words, phone.pay_words):
        assert words[language]
    for path in (*phone.danger.values(), *phone.crisis.values()):
        assert path.words[language] and path.label[language]

"""`value.yaml`: the baseline's measures with the council's over them; whatever means nothing is refused at load with its line."""

from pathlib import Path

import pytest

from guildhall.councils.loading import load_council
from guildhall.vocabulary.errors import ConfigurationError
from tests.councils.small import write

OWN, BASE = "smallton/value.yaml", "_baseline/value.yaml"
GOOD = """
counts:
  everyone: {of: contacts}
  met: {of: contacts, where: {rung: verified}}
  asked: {of: waits}
  came: {of: waits, where: {ending: reached}}
measures:
  resolved:
    label: Resolved
    about: Contacts that were met, out of all of them.
    unit: share
    formula: share(met of everyone)
    source: Computed from the record.
  saved:
    label: Saved
    about: What the calls would have cost, less the fee.
    unit: pence
    formula: met * cost(call) - spend(fee)
    source: Computed from the record.
unit_costs:
  call: {label: A call, pence: 283, per: contact, as_of: 2026-04-01, source: Finance of Smallton}
  fee: {label: A fee, pence: 100, per: year, as_of: 2026-04-01, source: Finance of Smallton}
"""
FORMULA = "(key `measures.saved.formula`)"


def test_a_council_adds_replaces_and_keeps(tmp_path: Path) -> None:
    own = GOOD[: GOOD.index("measures:")].replace("rung: verified", "rung: [verified, unverified]") + "small_number: 10\n"
    book = load_council(write(tmp_path, {BASE: GOOD, OWN: own}), "smallton").value
    assert set(book.measures) == {"resolved", "saved"} and book.small_number == 10
    assert book.counts["met"].conditions[0].values == ("verified", "unverified")
    assert book.costs["call"].pence == 283


def test_a_council_without_the_file_measures_nothing(tmp_path: Path) -> None:
    assert load_council(write(tmp_path), "smallton").value.measures == {}


def test_the_hash_of_a_definition_changes_with_what_it_rests_on_and_with_nothing_else(tmp_path: Path) -> None:
    def of(text: str, folder: str) -> str:
        return load_council(write(tmp_path / folder, {OWN: text}), "smallton").value.definition_hash("resolved")

    first = of(GOOD, "a")
    assert of(GOOD.replace("pence: 283", "pence: 300"), "b") == first
    assert of(GOOD.replace("rung: verified", "rung: unverified"), "c") != first


def formula(text: str) -> str:
    return GOOD.replace("met * cost(call) - spend(fee)", text)


def where(text: str) -> str:
    return GOOD.replace("{rung: verified}", text)


BAD = [
    ("a measure that is not there", formula("mett * cost(call)"), f"{OWN}:17 {FORMULA}: there is no count or measure `mett`. There are `asked`, `came`, `everyone`, `met`, `resolved`, `saved`."),
    ("a count that is not there", formula("share(met of all)"), f"{OWN}:17 {FORMULA}: there is no count `all`. The counts are `asked`, `came`, `everyone`, `met`."),
    ("a unit cost that is not there", formula("met * cost(calls)"), f"{OWN}:17 {FORMULA}: there is no unit cost `calls`. The unit costs are `call`, `fee`."),
    ("a unit cost without its function", formula("met * call"), f"{OWN}:17 {FORMULA}: `call` is a unit cost. Write cost(call)."),
    ("a cost of one as a whole", formula("spend(call)"), f"{OWN}:17 {FORMULA}: `call` is a cost per contact. Write cost(call)."),
    ("a whole cost as that of one", formula("met * cost(fee)"), f"{OWN}:17 {FORMULA}: `fee` is a cost per year. Write spend(fee)."),
    ("a column that is not there", formula("mean(colour of met)"), f"{OWN}:17 {FORMULA}: `contacts` has no column `colour` with numbers. Its columns with numbers are "),
    ("a column of a condition that is not there", where("{colour: red}"), f"{OWN}:3 (key `counts.met.where.colour`): `contacts` has no column `colour`. Its columns are `again_24h`, "),
    ("a value of an enum", where("{rung: solved}"), f"{OWN}:3 (key `counts.met.where.rung`): `solved` is no value of `rung`. Use one of `abandoned_after`, `abandoned_before`, `blocked`, "),
    ("a value in a list", where("{rung: [verified, solved]}"), f"{OWN}:3 (key `counts.met.where.rung`): `solved` is no value of `rung`."),
    ("an empty list", where("{rung: []}"), f"{OWN}:3 (key `counts.met.where.rung`): the list for `rung` is empty. Name at least one value."),
    ("a word for yes", where('{distress: "yes"}'), f"{OWN}:3 (key `counts.met.where.distress`): `distress` holds yes or no, and `yes` is neither. Use true, false, `is known` or `not true`."),
    ("a word for a number", where("{turns: many}"), f"{OWN}:3 (key `counts.met.where.turns`): `turns` holds a number, and `many` is no number."),
    ("a number for a word", where("{service: 12}"), f"{OWN}:3 (key `counts.met.where.service`): `service` holds text, and `12` is none. Put it in quotes."),
    ("a comparison that is none", where('{turns: "< many things"}'), f"{OWN}:3 (key `counts.met.where.turns`): `< many things` is no comparison. Write it as in \"< 10\" or \">= parts_asked\"."),
    ("a comparison of words", where('{rung: "> 3"}'), f"{OWN}:3 (key `counts.met.where.rung`): `rung` holds text, which cannot be compared. Name the values instead."),
    ("a comparison of unlike columns", where('{turns: "< waited_seconds"}'), f"{OWN}:3 (key `counts.met.where.turns`): `turns` cannot be compared with `waited_seconds`. Compare it with a number, or with one of "),
    ("a service that is not there", where("{service: dragons}"), f"{OWN}:3 (key `counts.met.where.service`): `dragons` is no service of this council. The services are `bulky-waste`."),
    ("a ward that is not there", where("{ward: Atlantis}"), f"{OWN}:3 (key `counts.met.where.ward`): `Atlantis` is no ward of this council. The wards are `Abbey`, `W1`."),
    ("a unit that is none", GOOD.replace("unit: pence", "unit: pounds"), f"{OWN}:16 (key `measures.saved.unit`): `pounds` is not one of the values allowed."),
    ("a unit that the formula does not give", GOOD.replace("unit: pence", "unit: share"), f"{OWN}:16 (key `measures.saved.unit`): the formula gives `pence`, and the unit is `share`. Change the unit or the formula."),
    ("a circle of one", formula("saved + 1"), f"{OWN}:17 {FORMULA}: the formula goes round in a circle: saved → saved. Let one of them name no other."),
    ("a circle of two", formula("resolved * 2").replace("share(met of everyone)", "saved / 2"), "the formula goes round in a circle: resolved → saved → resolved."),
    ("money over nothing sensible", formula("spend(fee) / sum(waited_seconds of met)"), f"{OWN}:17 {FORMULA}: money is divided by seconds, which means nothing. Divide money by a count, a number or money."),
    ("money over a share", formula("spend(fee) / resolved"), f"{OWN}:17 {FORMULA}: money is divided by a share, which means nothing. Divide money by a count, a number or money."),
    ("a division by zero", formula("spend(fee) / 0"), f"{OWN}:17 {FORMULA}: something is divided by 0. Divide by a count, a measure or another number."),
    ("money and a count added", formula("met + spend(fee)"), f"{OWN}:17 {FORMULA}: a count and money are added, which means nothing. Use two parts of one kind."),
    ("money times money", formula("spend(fee) * cost(call)"), f"{OWN}:17 {FORMULA}: money is multiplied by money for one, which means nothing."),
    ("a share of two views", formula("share(came of met)"), f"{OWN}:17 {FORMULA}: `came` counts waits and `met` counts contacts. Use two counts of one view."),
    ("a sum of scores", formula("sum(satisfaction of met)"), f"{OWN}:17 {FORMULA}: `satisfaction` holds scores, and a sum of scores means nothing. Use mean(satisfaction of met)."),
    ("until without time", formula("p50(satisfaction of met until everyone)"), f"{OWN}:17 {FORMULA}: `until` needs seconds, and `satisfaction` holds a score. Leave `until` out."),
    ("until in a mean", formula("mean(seconds of asked until came)"), f"{OWN}:17 {FORMULA}: `until` cannot stand in mean(…)."),
    ("a gap inside a formula", formula("gap(resolved by ward) + 1"), f"{OWN}:17 {FORMULA}: gap(…) stands inside a larger formula. Let the gap be the whole formula of its measure."),
    ("a gap by something else", formula("gap(resolved by hour)"), f"{OWN}:17 {FORMULA}: a gap cannot be by `hour`. Use one of "),
    ("a function that is not there", formula("__import__(os)"), f"{OWN}:17 {FORMULA}: `_` means nothing in a formula. Use names, numbers, + - * / and parentheses."),
    ("a function nobody knows", formula("median(met)"), f"{OWN}:17 {FORMULA}: there is no function `median`. The functions are `cost`, `gap`, "),
    ("a parenthesis left open", formula("(met * cost(call)"), f"{OWN}:17 {FORMULA}: the end of the formula stands where `)` should. Write it as in (a + b)."),
    ("two names side by side", formula("met met"), f"{OWN}:17 {FORMULA}: `met` stands where the formula should end. Put + - * or / before it, or take it out."),
    ("nothing after a sign", formula("met *"), f"{OWN}:17 {FORMULA}: the end of the formula stands where a name or a number should."),
    ("a comma for of", formula("share(met, everyone)"), f"{OWN}:17 {FORMULA}: `,` stands where `of` should. Write it as in share(verified of everyone)."),
    ("too many parentheses", formula("(" * 60 + "met" + ")" * 60), f"{OWN}:17 {FORMULA}: the formula has too many parentheses inside each other. Make a measure of a part of it."),
    ("one name for two things", GOOD.replace("  resolved:", "  met:"), f"{OWN}:7 (key `measures.met`): `met` is the name of a count and of a measure. Give one of the two another name."),
    ("a word of the formulas as a name", GOOD.replace("  resolved:", "  share:"), f"{OWN}:7 (key `measures.share`): `share` is a word of the formulas."),
    ("beside something that is not there", GOOD.replace("unit: pence", "unit: pence\n    beside: [nope]"), f"{OWN}:17 (key `measures.saved.beside`): `nope` is no other measure. The measures are `resolved`, `saved`."),
    ("an exclusion that cannot be", GOOD.replace("unit: pence", "unit: pence\n    exclude:\n      - {of: contacts, where: {channel: pigeon}, why: Pigeons do not count.}"), f"{OWN}:18 (key `measures.saved.exclude.0.where.channel`): `pigeon` is no value of `channel`. Use one of `phone`, `staff`, `web`."),
    ("an exclusion without a reason", GOOD.replace("unit: pence", "unit: pence\n    exclude:\n      - {of: contacts, where: {channel: staff}}"), f"{OWN}:18 (key `measures.saved.exclude.0.why`): a needed key is missing. Add `why`."),
    ("a unit cost without a source", GOOD.replace("as_of: 2026-04-01, source: Finance of Smallton}\n  fee", "as_of: 2026-04-01}\n  fee"), f"{OWN}:20 (key `unit_costs.call.source`): a needed key is missing. Add `source`."),
    ("small numbers shown", GOOD + "small_number: 2\n", f"{OWN}:22 (key `small_number`): input should be greater than or equal to 5, but found `2`."),
    ("a key nobody knows", GOOD.replace("unit: pence", "colour: red"), "(key `measures.saved.colour`): this key is not known."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "message"), BAD, ids=[case[0] for case in BAD])
def test_a_mistake_is_told_with_its_place_and_its_remedy(kind: str, text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_council(write(tmp_path, {OWN: text}), "smallton")
    assert message in str(caught.value), str(caught.value)


def test_a_mistake_that_the_baseline_has_is_told_in_the_baseline(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"_baseline/value\.yaml:17 .*no count or measure `mett`"):
        load_council(write(tmp_path, {BASE: formula("mett"), OWN: "small_number: 6\n"}), "smallton")


def test_every_shipped_measure_says_what_it_is_and_rests_on_what_is_used() -> None:
    book = load_council(Path("councils"), "avonmere").value
    used = set().union(*(book.reached(key) for key in book.measures))
    assert {name for name in book.texts if name.startswith(("count ", "measure "))} <= used
    assert all(len(measure.about) > 30 and measure.source for measure in book.measures.values())
    assert {"recontact_24h", "recontact_7d"} <= set(book.measures["deflected"].beside)
    assert book.costs["phone_call"].pence == 512 and book.costs["face_to_face"].pence == 862

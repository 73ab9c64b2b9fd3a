"""A council's folder loads over the baseline, and each kind of mistake is told with file, line, key and the fix."""

from pathlib import Path

import pytest

from guildhall.councils.loading import load_council
from guildhall.vocabulary.errors import ConfigurationError, LooseningError
from tests.councils.small import FILES, write

COUNCIL, SERVICES, RULE = "smallton/council.yaml", "smallton/services/bins.yaml", "smallton/policy/care.yaml"
BASE_RULE = FILES["_baseline/policy/care.yaml"]


def test_the_smallest_council_loads(tmp_path: Path) -> None:
    profile = load_council(write(tmp_path), "smallton")
    service = profile.services["bulky-waste"]  # type: ignore[index]
    assert (service.lgsl, service.fees[0].amount_pence) == (528, 3400)
    assert profile.wordings.say("hello", "pl", council="Smallton") == "Dzień dobry Smallton"
    assert profile.wordings.say("care", "pl") == "Help is there"
    assert [rule.id for rule in profile.pack.rules] == ["care"]


def test_a_cached_reading_is_the_same_reading(tmp_path: Path) -> None:
    write(tmp_path / "councils")
    first = load_council(tmp_path / "councils", "smallton", tmp_path / "cache")
    second = load_council(tmp_path / "councils", "smallton", tmp_path / "cache")
    assert (first.pack.id, first.services, first.council) == (second.pack.id, second.services, second.council)


def test_a_councils_own_rule_joins_the_pack(tmp_path: Path) -> None:
    own = BASE_RULE.replace("id: care", "id: own").replace("floor: true", "floor: false")
    profile = load_council(write(tmp_path, {RULE: own}), "smallton")
    assert [rule.id for rule in profile.pack.rules] == ["care", "own"]


def test_a_councils_own_schedule_replaces_the_baselines(tmp_path: Path) -> None:
    own = (
        "schedules: {transcripts: {title: Talks, covers: words, trigger: last_words, days: 30, action: erase, authority: our own decision}}"
    )
    profile = load_council(write(tmp_path, {"smallton/retention.yaml": own}), "smallton")
    assert profile.retention.schedules["transcripts"].days == 30
    assert profile.retention.schedules["key-copies"].days == 35


STEP = """
steps:
  {name}: {{say: "Ask which bin it was.", when: {{{when}}}, owner: waste lead, review: 2027-05-31}}
"""


def test_a_councils_own_next_step_joins_the_baselines(tmp_path: Path) -> None:
    own = STEP.format(name="bins", when="services: [bulky-waste]")
    profile = load_council(write(tmp_path, {"smallton/next-steps.yaml": own}), "smallton")
    assert sorted(profile.next_steps.steps) == ["begin", "bins"]


def changed(path: str, old: str, new: str) -> dict[str, str]:
    assert old in FILES[path], f"{old} is not in {path}"
    return {path: FILES[path].replace(old, new)}


HANDOFFS = "smallton/handoffs.yaml"


def queue(more: str) -> dict[str, str]:
    return {HANDOFFS: FILES["_baseline/handoffs.yaml"].replace("hours: office}", f"hours: office, {more}}}")}


BAD = [
    ("an unknown key", changed(COUNCIL, "name: Smallton", "colour: red\nname: Smallton"), "council.yaml:1 (key `colour`): this key is not known. Remove it, or check its spelling."),
    ("a duplicate key", changed(COUNCIL, "slug: smallton", "slug: smallton\nslug: other"), 'council.yaml:3: found duplicate key "slug". Keep one of the two.'),
    ("a missing key", changed(COUNCIL, "name: Smallton Council\n", ""), "council.yaml:1 (key `name`): a needed key is missing. Add `name`."),
    ("broken YAML", changed(COUNCIL, 'mon: ["09', 'mon: [["09'), "council.yaml:6: this is not valid YAML"),
    ("a slug that is not the folder's", changed(COUNCIL, "slug: smallton", "slug: bigton"), "(key `slug`): `slug` is `bigton` but the folder is `smallton`. Make them the same."),
    ("hours that close before they open", changed(COUNCIL, "09:00-17:00", "17:00-09:00"), "council.yaml:6 (key `hours.office.weekdays.mon.0`): `17:00-09:00` closes before it opens."),
    ("no such time zone", changed(COUNCIL, "slug: smallton", "slug: smallton\ntime_zone: Mars/Base"), "(key `time_zone`): `Mars/Base` is not a time zone. Use a name such as Europe/London."),
    ("a language we do not have", changed(COUNCIL, "slug: smallton", "slug: smallton\nlanguages: [en, fr]"), "council.yaml:3 (key `languages.1`): `fr` is not one of the values allowed."),
    ("colours that cannot be read", changed(COUNCIL, "slug: smallton", 'slug: smallton\nbrand: {primary: "#ffff00"}'), "(key `brand.primary_text`): `#ffffff` on `#ffff00` has a contrast of 1.1 to 1. Choose colours with at least 4.5 to 1"),
    ("a fee that is no number", changed(SERVICES, "3400", '"34.00"'), "bins.yaml:9 (key `services.0.fees.0.amount_pence`): input should be a valid integer, but found `34.00`."),
    ("a service twice", {"smallton/services/more.yaml": FILES[SERVICES]}, "more.yaml (key `bulky-waste`): the service `bulky-waste` is also in bins.yaml. Keep one of the two."),
    ("hours nobody has", changed(SERVICES, "hours: office", "hours: night"), "(key `bulky-waste.hours`): the service `bulky-waste` has hours `night`, which council.yaml does not have. Use one of office."),
    ("a page that is not there", changed(SERVICES, "bins/bulky.md", "bins/gone.md"), "(key `bulky-waste.pages`): the service `bulky-waste` names the page `bins/gone.md`, which is not in content/."),
    ("a loosened floor", {RULE: BASE_RULE.replace("effect: escalate", "effect: offer")}, "care.yaml (key `cases`): it loosens `care`, which is a floor. A message with `suicide_self_harm` (confirm): was escalate to `front-desk`, now offer"),
    ("a rule without an owner", {RULE: BASE_RULE.replace("owner: safeguarding-lead\n", "")}, "care.yaml:1 (key `owner`): a needed key is missing. Add `owner`."),
    ("a rule without examples", {RULE: BASE_RULE[: BASE_RULE.index("examples:")]}, "care.yaml:1: a rule needs `examples`"),
    ("a condition that tests nothing", {RULE: BASE_RULE.replace("{signal: suicide_self_harm, grade: confirm}", "{}")}, "(key `cases.0.when`): a condition tests exactly one thing, and this one tests nothing."),
    ("a category nobody knows", {RULE: BASE_RULE.replace("suicide_self_harm", "sadness")}, "(key `cases.0.when`): `sadness` is not a category of evidence"),
    ("an escalation without a queue", {RULE: BASE_RULE.replace("queue: front-desk, ", "")}, "(key `cases.0.then`): `escalate` needs a `queue` that the person comes from."),
    ("a wording that does not exist", {RULE: BASE_RULE.replace("wording: care", "wording: nope")}, "(key `care`): the rule `care` names the wording `nope`, which does not exist."),
    ("a signpost that does not exist", {RULE: BASE_RULE.replace("[samaritans]", "[samaritans, nobody]")}, "the rule `care` names the signpost `nobody`, which does not exist. Add it to signposts.yaml, or correct the name."),
    ("a queue that does not exist", {RULE: BASE_RULE.replace("queue: front-desk", "queue: nowhere")}, "the rule `care` names the queue `nowhere`, which does not exist."),
    ("a rule id twice", {RULE: BASE_RULE, "smallton/policy/other.yaml": BASE_RULE}, "other.yaml (key `id`): the rule id `care` is also in care.yaml."),
    ("a translation with another placeholder", changed("_baseline/wording/pl.yaml", "{council}", "{place}"), "pl: `hello` has other placeholders than the English text."),
    ("an approved wording nobody reviewed", changed("_baseline/wording/pl.yaml", "draft", "approved"), "pl.yaml:1: an approved wording needs `reviewed_by`."),
    ("a schedule with too long a life for keys", changed("_baseline/retention.yaml", "days: 35\n    action: delete\n    authority: UK GDPR Article 17", "days: 90\n    action: delete\n    authority: UK GDPR Article 17"), "retention.yaml:85 (key `schedules.key-copies`): copies of keys may be kept for 35 days at most, not 90; write a smaller number."),
    ("a schedule without an authority", {"smallton/retention.yaml": "schedules: {transcripts: {title: Talks, covers: words, trigger: last_words, days: 30, action: erase}}"}, "retention.yaml:1 (key `schedules.transcripts.authority`): a needed key is missing. Add `authority`."),
    ("a schedule of no days", {"smallton/retention.yaml": "schedules: {transcripts: {title: Talks, covers: words, trigger: last_words, days: 0, action: erase, authority: because we say so}}"}, "(key `schedules.transcripts.days`): input should be greater than or equal to 1, but found `0`."),
    ("a schedule that counts from nowhere", {"smallton/retention.yaml": "schedules: {transcripts: {title: Talks, covers: words, trigger: made, days: 9, action: erase, authority: because we say so}}"}, "`words` counts from `last_words`, not from `made`; write `trigger: last_words`."),
    ("two schedules for one thing", {"smallton/retention.yaml": "schedules: {talks: {title: Talks, covers: words, trigger: last_words, days: 9, action: erase, authority: because we say so}}"}, "retention.yaml (key `schedules`): `talks` covers `words`, which `transcripts` covers too; keep one of the two. Give a schedule the baseline's name to replace it."),
    ("a thing that no schedule covers", changed("_baseline/retention.yaml", FILES["_baseline/retention.yaml"][FILES["_baseline/retention.yaml"].index("  key-copies:"):], ""), "retention.yaml (key `schedules`): no schedule covers `key_backups`. Add a schedule for each."),
    ("a default queue that is not there", {"smallton/handoffs.yaml": FILES["_baseline/handoffs.yaml"].replace("default_queue: front-desk", "default_queue: desk")}, "handoffs.yaml:1: `default_queue` names `desk`, which is not one of the queues front-desk."),
    ("a queue that overflows into none", queue("overflow: back-desk"), "queue `front-desk` overflows into `back-desk`, which is not another of the queues front-desk."),
    ("a queue that overflows into itself", queue("overflow: front-desk"), "queue `front-desk` overflows into `front-desk`, which is not another of the queues front-desk."),
    ("a time to overflow with nowhere to go", queue("overflow_after_minutes: 3"), "queue `front-desk` has `overflow_after_minutes` but no `overflow`; name the queue that helps out."),
    ("a join promised later than giving up", queue("join_within_minutes: 40"), "queue `front-desk` has `join_within_minutes: 40`, but gives up after 30 minutes; make `give_up_after_minutes` longer."),
    ("a reply promised later than going quiet", queue("reply_within_minutes: 9"), "queue `front-desk` promises a reply within 9 minutes, but an adviser has gone quiet after 8; make `desk.quiet_minutes` longer."),
    ("a share that leaves nobody out", {HANDOFFS: FILES["_baseline/handoffs.yaml"] + "desk: {ordinary_share: 1}\n"}, "(key `desk.ordinary_share`): input should be greater than or equal to 2, but found `1`."),
    ("a next step for no service", {"smallton/next-steps.yaml": STEP.format(name="bins", when="services: [bulky]")}, "next-steps.yaml (key `bins`): the step `bins` names the service `bulky`, which the catalogue does not have. Use the service's key."),
    ("no next step for everything else", {"smallton/next-steps.yaml": STEP.format(name="begin", when="failed_turns: 2")}, "next-steps.yaml (key `steps`): no step is without conditions, so a brief could end without a next step. Give one step no conditions, as the baseline's `begin`."),
    ("a next step without an owner", {"smallton/next-steps.yaml": STEP.format(name="bins", when="").replace("owner: waste lead, ", "")}, "next-steps.yaml:2 (key `steps.bins.owner`): a needed key is missing. Add `owner`."),
    ("a postcode that is none", changed("smallton/places/streets.csv", "AV1 1AA", "somewhere"), "streets.csv:2 (key `postcode`): `somewhere` is not a postcode. Write it like AV3 4QT."),
    ("a ward that is not there", changed("smallton/places/streets.csv", "W1", "W9"), "streets.csv:2 (key `ward_id`): the ward `W9` is not in wards.csv."),
    ("a missing column", changed("smallton/places/streets.csv", ",postcode", ""), "streets.csv:1: the column `postcode` is missing."),
    ("a weekday that is none", changed("smallton/places/bin-rounds.csv", "Tuesday", "Tues"), "bin-rounds.csv:2 (key `weekday`): `Tues` is not a weekday. Write it in full, as in Tuesday."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "changes", "message"), BAD, ids=[case[0] for case in BAD])
def test_a_mistake_is_told_with_its_place_and_its_remedy(kind: str, changes: dict[str, str], message: str, tmp_path: Path) -> None:
    write(tmp_path, changes)
    with pytest.raises(ConfigurationError) as caught:
        load_council(tmp_path, "smallton")
    assert message in str(caught.value), str(caught.value)
    assert isinstance(caught.value, LooseningError) == ("loosened" in kind)


def test_no_is_a_word_and_not_a_falsehood(tmp_path: Path) -> None:
    write(tmp_path, changed(SERVICES, "team: Waste", "team: no"))
    assert load_council(tmp_path, "smallton").services["bulky-waste"].team == "no"  # type: ignore[index]


def test_a_council_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(ConfigurationError, match="The councils here are: smallton"):
        load_council(tmp_path, "elsewhere")


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / COUNCIL).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        load_council(tmp_path, "smallton")

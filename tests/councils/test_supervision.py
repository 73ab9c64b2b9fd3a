"""`supervision.yaml`: a council may be stricter than the baseline in everything and looser in nothing; each mistake is said where it stands."""

from pathlib import Path

import pytest

from guildhall.councils.loading import load_council
from guildhall.councils.supervision import rule_of
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.supervision import Mode, Topic, TopicKind
from tests.councils.small import write

BASE, OWN = "_baseline/supervision.yaml", "smallton/supervision.yaml"
BASELINE = """
default: free_with_evidence
approve_within_seconds: 180
bar: {decided: 50, approved_unedited_low: 0.9}
categories:
  financial_hardship: {mode: adviser_approves_draft, may_loosen_to: free_with_evidence}
reasons:
  unsafe: {label: It could cause harm, sentence: Somebody could lose money., safety: true}
"""
BINS = Topic(TopicKind.SERVICE, "bulky-waste")
HARDSHIP = Topic(TopicKind.CATEGORY, "financial_hardship")
RULE = """
kind: rule
id: approved-only.bins
version: 1
title: Bins are a matter for approved text
why: Because it is a test
owner: waste
review_by: 2027-01-01
scope: {stages: [on_intent]}
cases:
  - when: {service: [bulky-waste]}
    then: {effect: transform, answer: approved}
facts_examples:
  fires: [{services: [bulky-waste], effect: transform}]
  quiet: [{}]
"""


def test_without_a_file_everything_is_free(tmp_path: Path) -> None:
    profile = load_council(write(tmp_path), "smallton")
    assert rule_of(profile, BINS).mode == Mode.FREE_WITH_EVIDENCE


def test_a_council_adds_to_the_baseline_and_keeps_what_it_does_not_name(tmp_path: Path) -> None:
    own = """
services:
  bulky-waste: {mode: adviser_approves_draft, may_loosen_to: free_with_evidence, approve_within_seconds: 90, why: The fees are new}
reasons:
  dialect: {label: Not how we say it, sentence: People here call it something else., on: [edit]}
approved_replies:
  bulky-waste:
    en: {text: We collect large items from your home., approved_by: Waste manager, approved_on: 2026-10-01}
"""
    supervision = load_council(write(tmp_path, {BASE: BASELINE, OWN: own}), "smallton").supervision
    assert (supervision.within_seconds(BINS), supervision.within_seconds(HARDSHIP)) == (90, 180)
    assert list(supervision.codes("edit")) == ["unsafe", "dialect"] and list(supervision.codes("reject")) == ["unsafe"]
    assert supervision.bar.decided == 50
    reply = supervision.reply("bulky-waste", "pl")
    assert reply is not None and reply[1] == "en"


def test_a_rule_that_answers_from_approved_text_makes_the_topic_so(tmp_path: Path) -> None:
    profile = load_council(write(tmp_path, {"smallton/policy/bins.yaml": RULE}), "smallton")
    assert (rule_of(profile, BINS).mode, rule_of(profile, BINS).floor) == (Mode.APPROVED_TEXT_ONLY, Mode.APPROVED_TEXT_ONLY)


MISTAKES = {
    "default: anything": "supervision.yaml:1 (key `default`): `anything` is not one of the values allowed.",
    "default: adviser_approves_draft\ndefault_may_loosen_to: approved_text_only": "which is stricter than the default",
    "services:\n  dragons: {mode: approved_text_only}": "(key `services.dragons`): `dragons` is no service of the catalogue. Use a key of services/*.yaml",
    "categories:\n  sadness: {mode: approved_text_only}": "supervision.yaml:2",
    "categories:\n  financial_hardship: {mode: free_with_evidence}": (
        "(key `categories.financial_hardship.mode`): `free_with_evidence` is looser than the baseline's `adviser_approves_draft`."
    ),
    "services:\n  bulky-waste: {mode: adviser_approves_draft, may_loosen_to: approved_text_only}": (
        "`may_loosen_to` is `approved_text_only`, which is stricter than the mode `adviser_approves_draft`."
    ),
    "services:\n  bulky-waste: {mode: adviser_approves_draft, approve_within_seconds: 5}": "services.bulky-waste.approve_within_seconds",
    "bar: {decided: 20}": "(key `bar.decided`): with 20 the bar is lower than the baseline's 50. Ask for as much evidence",
    "bar: {misses_at_most: 3}": "(key `bar.misses_at_most`): with 3 the bar is lower than the baseline's 0.",
    "reasons:\n  unsafe: {label: Oh well, sentence: It happens.}": "the baseline counts `unsafe` as a matter of safety, and this does not.",
    "approved_replies:\n  bulky-waste:\n    pl: {text: Odbieramy duże rzeczy., approved_by: Waste, approved_on: 2026-10-01}": (
        "the approved reply for `bulky-waste` has no English text"
    ),
    "speed: fast": "supervision.yaml:1 (key `speed`): this key is not known.",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_said_with_its_place_and_its_remedy(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as told:
        load_council(write(tmp_path, {BASE: BASELINE, OWN: text}), "smallton")
    assert MISTAKES[text] in str(told.value)
    assert "smallton/supervision.yaml" in str(told.value)


def test_a_default_looser_than_the_baselines_is_refused(tmp_path: Path) -> None:
    base = BASELINE.replace("default: free_with_evidence", "default: adviser_approves_draft")
    with pytest.raises(ConfigurationError, match="looser than the baseline's `adviser_approves_draft`"):
        load_council(write(tmp_path, {BASE: base, OWN: "default: free_with_evidence"}), "smallton")


def test_what_a_rule_keeps_to_approved_text_cannot_be_freer_here(tmp_path: Path) -> None:
    own = "services:\n  bulky-waste: {mode: adviser_approves_draft}"
    with pytest.raises(ConfigurationError, match=r"the rule `approved-only\.bins` answers `bulky-waste` from approved text only"):
        load_council(write(tmp_path, {OWN: own, "smallton/policy/bins.yaml": RULE}), "smallton")

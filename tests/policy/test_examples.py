"""Every rule of the baseline has examples that fire and examples that stay quiet, and with the real detectors they do."""

from functools import lru_cache
from pathlib import Path

import pytest

from guildhall.bootstrap.knowledge import open_embedder
from guildhall.bootstrap.understanding import open_understander
from guildhall.councils.loading import read_pack
from guildhall.councils.yaml_files import YamlReader
from guildhall.policy.config import Example, FactsExample, RuleFile
from guildhall.policy.evaluate import decide
from guildhall.policy.packs import Pack
from guildhall.settings import Settings
from guildhall.understanding.understander import Understander
from guildhall.vocabulary.decisions import Act, DraftFacts, Facts, Stage
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.services import ServiceMatch

PACK: Pack = read_pack(YamlReader(), Path("councils/_baseline"), Path("councils/none"))
RULES = PACK.rules


@lru_cache(maxsize=1)
def understander() -> Understander:
    settings = Settings()
    return open_understander(settings, open_embedder(settings), (), "examples")


def act_on_words(rule: RuleFile, example: Example) -> Act | None:
    detection = understander().detect(example.text, example.language, ())
    facts = Facts(
        stage=rule.scope.stages[0],
        channel="web",
        language=example.language,
        signals=detection.signals,
        failed_detectors=detection.failed,
        unvalidated_detectors=(),
    )
    return next((act for act in decide(facts, PACK).acts if act.rule.id == rule.id), None)


def act_on_facts(rule: RuleFile, example: FactsExample) -> Act | None:
    stage = rule.scope.stages[0]
    draft = (
        DraftFacts(example.cited, example.unsupported, example.links_off_list, example.personal_data) if stage == Stage.ON_ANSWER else None
    )
    facts = Facts(
        stage=stage,
        channel="web",
        language=example.language,
        failed_detectors=example.failed_detectors,
        unvalidated_detectors=example.unvalidated_detectors,
        services=tuple(ServiceMatch(ServiceKey(key), 0.9) for key in example.services),
        failed_turns=example.failed_turns,
        language_supported=example.language_supported,
        draft=draft,
    )
    return next((act for act in decide(facts, PACK).acts if act.rule.id == rule.id), None)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.examples], ids=lambda rule: rule.id)
def test_a_rule_fires_on_the_messages_it_says_and_stays_quiet_on_the_others(rule: RuleFile) -> None:
    assert rule.examples
    silent = [example.text for example in rule.examples.fires if act_on_words(rule, example) is None]
    loud = [example.text for example in rule.examples.quiet if act_on_words(rule, example) is not None]
    wrong = [
        example.text
        for example in rule.examples.fires
        if example.effect and (act := act_on_words(rule, example)) and act.effect != example.effect
    ]
    assert (silent, loud, wrong) == ([], [], [])


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.facts_examples], ids=lambda rule: rule.id)
def test_a_rule_fires_on_the_facts_it_says_and_stays_quiet_on_the_others(rule: RuleFile) -> None:
    assert rule.facts_examples
    assert all(act_on_facts(rule, example) for example in rule.facts_examples.fires)
    assert not any(act_on_facts(rule, example) for example in rule.facts_examples.quiet)


def test_every_case_of_every_rule_is_named_by_an_owner_and_a_review_date() -> None:
    assert all(rule.owner and rule.review_by for rule in RULES)

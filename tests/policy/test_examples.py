"""Every rule of the baseline has examples that fire and examples that stay quiet, and with the real detectors they do."""

from functools import lru_cache
from pathlib import Path

import pytest

from guildhall.bootstrap.knowledge import open_embedder
from guildhall.bootstrap.understanding import open_understander
from guildhall.councils.loading import read_pack
from guildhall.councils.yaml_files import YamlReader
from guildhall.policy.config import Example, RuleFile
from guildhall.policy.gates import mutation_gate
from guildhall.policy.packs import Pack
from guildhall.policy.trials import failing, trials_of
from guildhall.settings import Settings
from guildhall.understanding.understander import Understander
from guildhall.vocabulary.decisions import Facts

PACK: Pack = read_pack(YamlReader(), Path("councils/_baseline"), Path("councils/none"))
RULES = PACK.rules


@lru_cache(maxsize=1)
def understander() -> Understander:
    settings = Settings()
    return open_understander(settings, open_embedder(settings), (), "examples")


def facts_of_words(rule: RuleFile, example: Example) -> Facts:
    detection = understander().detect(example.text, example.language, ())
    return Facts(rule.scope.stages[0], "web", example.language, signals=detection.signals, failed_detectors=detection.failed)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_does_what_its_examples_say(rule: RuleFile) -> None:
    trials = trials_of(rule, facts_of_words)
    assert {trial.fires for trial in trials} == {True, False}
    assert [(trial.name, wrong) for trial, wrong in failing(rule, trials)] == []


def test_each_part_of_each_baseline_rule_is_needed_by_an_example() -> None:
    result = mutation_gate(RULES, {rule.id: trials_of(rule) for rule in RULES})
    assert result.passed, result.reason
    assert result.facts["mutants"] > 300


def test_every_case_of_every_rule_is_named_by_an_owner_and_a_review_date() -> None:
    assert all(rule.owner and rule.review_by for rule in RULES)

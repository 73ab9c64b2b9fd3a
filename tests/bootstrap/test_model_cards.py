"""A model card says what is really there: the digests of the weights, the lines, the languages, and whether it was seen at work."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guildhall.assurance.facts import Fact, Missing
from guildhall.bootstrap.assurance import Desk
from guildhall.bootstrap.model_cards import loaded_models
from guildhall.settings import Settings
from guildhall.vocabulary.figures import Figures
from tests.assurance.desks import ROOT, desk_of, settings_for

NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return desk_of(tmp_path_factory.mktemp("desk"))


def fact(desk: Desk, model: str, name: str) -> Fact:
    found = next(item for item in desk.live.models if item.id == model).facts[f"model.{name}"]
    assert isinstance(found, Fact), found
    return found


def test_weights_are_named_with_their_digest(desk: Desk) -> None:
    for model, file in (("signals-en", "signals-en.npz"), ("encoder-nine", "encoder-nine.npz")):
        digest = hashlib.sha256((ROOT / "councils/_baseline/detectors" / file).read_bytes()).hexdigest()
        assert any(digest in line for line in fact(desk, model, "weights").value)


def test_the_router_is_the_one_the_turn_would_open(desk: Desk) -> None:
    assert any("councils/avonmere/models/router-avonmere-" in line for line in fact(desk, "router", "weights").value)


def test_training_lines_are_counted(desk: Desk) -> None:
    files = (ROOT / "councils/_baseline/training/signals/en").glob("*.jsonl")
    lines = sum(1 for file in files for line in file.read_text("utf-8").splitlines() if line.strip())
    assert fact(desk, "signals-en", "lines").value == [f"councils/_baseline/training/signals/en: {lines:,} lines"]


def test_languages_without_a_native_review_are_not_called_validated(desk: Desk) -> None:
    assert fact(desk, "signals-en", "validated").value == "Validated in: en"
    assert "none yet" in fact(desk, "signals-nine", "validated").value
    assert "no language beside English yet" in fact(desk, "signals-nine", "review").value


def test_known_failures_come_from_the_card_and_from_the_register(desk: Desk) -> None:
    failures = fact(desk, "signals-en", "failures")
    assert len(failures.value) >= 4
    assert "file:councils/_baseline/detectors/signals-en.json#known_failures" in [str(source) for source in failures.sources]


def test_a_model_seen_in_the_record_says_so_and_another_is_an_open_question(desk: Desk, tmp_path: Path) -> None:
    figures = Figures(NOW, NOW, turns=1, versions=("phrases.explicit@3", "router@abc"))
    places = {"slug": "avonmere", "router": "councils/avonmere/models/none.npz"}
    models = loaded_models(desk.shelf.models, settings_for(tmp_path), desk.evidence, figures, places)
    seen = {model.id: model.facts["model.loaded"] for model in models}
    phrases = seen["phrases"]
    assert isinstance(phrases, Fact)
    assert phrases.value == "phrases.explicit@3, in the latest recorded turn"
    assert isinstance(seen["signals-en"], Missing)
    router = next(model for model in models if model.id == "router").facts["model.weights"]
    assert router == Missing("councils/avonmere/models/none.npz: the file is not there.", "whoever runs the service")


def test_only_the_composer_that_is_configured_has_a_card(desk: Desk, tmp_path: Path) -> None:
    def cards(settings: Settings) -> set[str]:
        places = {"slug": "avonmere", "router": "councils/avonmere/models/none.npz"}
        return {model.id for model in loaded_models(desk.shelf.models, settings, desk.evidence, None, places)}

    embedded = settings_for(tmp_path)
    assert "composer-model" not in cards(embedded)
    assert {"composer-model", "composer-embedded"} <= cards(embedded.model_copy(update={"model_kind": "openai", "model_name": "m"}))


def test_drafting_makes_no_database_and_no_key(tmp_path: Path) -> None:
    desk_of(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache"]

import sys
from pathlib import Path

import numpy as np

from guildhall.providers.embeddings.minilm import Encoder, MiniLmEmbedder, build_float_graph, model_folder, prepare_graph, whole_words

TEXTS = ["How do I renew my parking permit?", "renewing a permit to park", "The cheese was eaten by a mouse."]


def test_the_small_graph_agrees_with_the_float_graph(models: Path, tmp_path: Path) -> None:
    build_float_graph(model_folder(), tmp_path / "float.onnx")
    exact = np.stack([v for (v,) in Encoder(model_folder(), tmp_path / "float.onnx", 1).run(TEXTS, ["vectors"])])
    small = MiniLmEmbedder(models, threads=1).embed(TEXTS)
    assert float((exact * small).sum(axis=1).min()) > 0.97
    assert float(exact[0] @ exact[1]) > 0.6
    assert float(exact[0] @ exact[2]) < 0.2


def test_the_float_graph_gives_the_answers_on_the_models_public_card(tmp_path: Path) -> None:
    build_float_graph(model_folder(), tmp_path / "float.onnx")
    texts = ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"]
    one, *others = (v for (v,) in Encoder(model_folder(), tmp_path / "float.onnx", 1).run(texts, ["vectors"]))
    assert [round(float(one @ other), 3) for other in others] == [0.695, 0.943, 0.257]


def test_the_graph_is_made_once_and_then_found(models: Path) -> None:
    said: list[str] = []
    first, digest = prepare_graph(model_folder(), models, said.append)
    again, same = prepare_graph(model_folder(), models, said.append)
    assert (first, digest) == (again, same)
    assert digest in first.name


def test_no_pytorch_is_loaded(models: Path) -> None:
    MiniLmEmbedder(models, threads=1).embed(["bins"])
    assert "torch" not in sys.modules
    assert "sentence_transformers" not in sys.modules


def test_it_knows_ordinary_words() -> None:
    assert {"husband", "council", "mortgage"} <= whole_words()
    assert "alotment" not in whole_words()

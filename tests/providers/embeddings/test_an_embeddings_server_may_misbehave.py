import pytest

from guildhall.providers.embeddings.cached import CachedEmbedder
from guildhall.providers.embeddings.openai_compatible import OpenAiCompatibleEmbedder
from guildhall.testing.embedder import HashingEmbedder
from guildhall.vocabulary.errors import ProviderError
from tests.providers.embeddings.servers import embeddings_server


@pytest.mark.parametrize(("status", "retry"), [(503, True), (429, True), (401, False), (400, False)])
def test_a_failing_status_says_whether_to_try_again(status: int, retry: bool) -> None:
    with embeddings_server() as (server, url):
        embedder = OpenAiCompatibleEmbedder(url, "m")
        server.status = status
        with pytest.raises(ProviderError, match=str(status)) as caught:
            embedder.embed(["bins"])
        assert caught.value.retry is retry
        embedder.close()


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"[]",
        b'{"data": []}',
        b'{"data": [{"index": 0, "embedding": "x"}]}',
        b'{"data": [{"index": 5, "embedding": [1.0]}]}',
        b'{"data": [{"index": 0, "embedding": [0.0, 0.0]}]}',
        b'{"data": [{"index": 0, "embedding": [NaN, 1.0]}]}',
        b'{"data": [{"index": 0, "embedding": [1.0, 2.0]}]}',
    ],
)
def test_an_answer_that_is_not_vectors_is_an_error_of_the_supplier(body: bytes) -> None:
    with embeddings_server() as (server, url):
        embedder = OpenAiCompatibleEmbedder(url, "m")
        server.body = body
        with pytest.raises(ProviderError):
            embedder.embed(["bins"])
        embedder.close()


def test_a_server_that_is_not_there_is_an_error_of_the_supplier() -> None:
    with pytest.raises(ProviderError, match="could not be reached"):
        OpenAiCompatibleEmbedder("http://127.0.0.1:9/v1", "m", timeout_seconds=1)


def test_many_texts_go_in_several_calls_with_the_key() -> None:
    with embeddings_server() as (server, url):
        embedder = OpenAiCompatibleEmbedder(url, "m", "secret")
        embedder.embed([f"text {n}" for n in range(150)])
        assert [len(request["input"]) for request in server.requests] == [1, 64, 64, 22]
        assert set(server.keys) == {"Bearer secret"}
        embedder.close()


def test_a_cache_asks_once_for_each_text_and_forgets_the_oldest() -> None:
    inner = HashingEmbedder()
    cached = CachedEmbedder(inner, keep=2)
    cached.embed(["a", "b", "a"])
    cached.embed(["b", "a"])
    assert inner.embedded == ["a", "b"]
    cached.embed(["c"])
    cached.embed(["b"])
    assert inner.embedded == ["a", "b", "c", "b"]
    assert cached.identity == inner.identity

"""Canonical bytes: one spelling a value, and a clear refusal of whatever has none."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.records.canonical import CanonicalError, canonical, parse_canonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def test_the_example_of_rfc_8785_without_its_floats() -> None:
    value = {
        "string": '€$\u000f\nA\'B"\\\\"/',
        "literals": [None, True, False],
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "ö": "Latin Small Letter O With Diaeresis",
    }
    text = canonical(value).decode()
    order = [text.index(f'"{word}') for word in ("Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew")]
    assert order == sorted(order)
    assert '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"' in text


@given(VALUES)
def test_what_was_written_reads_back_the_same(value: Any) -> None:
    assert parse_canonical(canonical(value)) == value


@given(st.dictionaries(TEXT, st.integers(0, 9), min_size=2, max_size=5))
def test_the_order_in_which_keys_came_does_not_matter(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"a": [1, {"b": 0.5}]}, r"\$\.a\[1\]\.b: a float has no canonical form"),
        ({"a": 2**53}, r"beyond ±9007199254740991; write it as a string"),
        ({1: "a"}, "the key 1 is not a string"),
        ({"a": b"x"}, r"\$\.a: a bytes has no canonical form"),
        ("\ud800", "lone surrogate"),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_its_place(value: Any, said: str) -> None:
    with pytest.raises(CanonicalError, match=said):
        canonical(value)


@pytest.mark.parametrize("data", [b'{"b":1,"a":2}', b'{"a": 1}', b'{"a":1,"a":1}', b'"\\u0041"', b"1.0", b"\xff", b"", b"[1,]"])
def test_another_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(CanonicalError):
        parse_canonical(data)


def test_plain_json_of_a_record_is_the_canonical_one() -> None:
    value = {"b": "x", "a": [1, True, None]}
    assert canonical(value) == json.dumps(value, sort_keys=True, separators=(",", ":")).encode()

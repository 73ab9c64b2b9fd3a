"""The closed language of formulas: counts, measures, unit costs, numbers, + - * / and parentheses, and a few functions.

    formula  = product (("+" | "-") product)*          product = factor (("*" | "/") factor)*
    factor   = "-" factor | number | name | function | "(" formula ")"
    function = share|weighted(count of count) | sum|mean|longest(column of count) | p50|p90(column of count [until count])
             | gap(measure by column) | cost(name) | spend(name)

It is read by hand into a small tree; nothing is evaluated, and no name leads anywhere but into the same file.
"""

import re
from dataclasses import dataclass
from typing import Final

from guildhall.value.measures.mistakes import DefinitionError, listed


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """A count or another measure."""

    name: str


@dataclass(frozen=True, slots=True)
class Money:
    """`cost(name)`, the cost of one; or `spend(name)`, what the whole costs over the period."""

    name: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Share:
    """Of the rows of `whole`, the share that are also in `part`. `weighted`: each row counts for as many as it was drawn to stand for."""

    part: str
    whole: str
    weighted: bool = False


@dataclass(frozen=True, slots=True)
class Of:
    """`sum`, `mean`, `longest`, `p50` or `p90` of a column over the rows of a count.

    With `until`, rows that are not in that count had not come to it yet when they were last seen (censored): the Kaplan–Meier estimate.
    """

    function: str
    column: str
    count: str
    until: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """The best group less the worst, of another measure by a column."""

    measure: str
    by: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Two formulas with + - * or / between."""

    sign: str
    left: "Formula"
    right: "Formula"


Formula = Number | Name | Money | Share | Of | Gap | Operation
TOKEN: Final = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-z][a-z0-9_]*)|(?P<sign>[-+*/(),]))")
OF_FUNCTIONS: Final = ("sum", "mean", "longest", "p50", "p90")
FUNCTIONS: Final = ("share", "weighted", *OF_FUNCTIONS, "gap", "cost", "spend")
WORDS: Final = ("of", "until", "by")
RESERVED: Final = frozenset({*FUNCTIONS, *WORDS})
DEEPEST: Final = 40


def parse_formula(text: str) -> Formula:
    """The tree of a formula. Raises DefinitionError saying what stands where something else should."""
    reader = _Reader(_tokens(text))
    formula = reader.sum(0)
    if reader.next is not None:
        raise DefinitionError(f"`{reader.next}` stands where the formula should end.", "Put + - * or / before it, or take it out.")
    return formula


def _tokens(text: str) -> list[str]:
    found, at, text = [], 0, text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            wrong = text[at:].strip()[:1]
            raise DefinitionError(f"`{wrong}` means nothing in a formula.", "Use names, numbers, + - * / and parentheses.")
        found.append(match[0].strip())
        at = match.end()
    return found


class _Reader:
    """Reads tokens from the left, one function a line of the grammar."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens, self._at = tokens, 0

    @property
    def next(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def take(self) -> str | None:
        token = self.next
        self._at += 1
        return token

    def expect(self, wanted: str, example: str) -> None:
        found = self.take()
        if found != wanted:
            raise DefinitionError(f"{_shown(found)} stands where `{wanted}` should.", f"Write it as in {example}.")

    def name(self, example: str) -> str:
        found = self.take()
        if found is None or not found[0].isalpha() or found in RESERVED:
            raise DefinitionError(f"{_shown(found)} stands where a name should.", f"Write it as in {example}.")
        return found

    def sum(self, depth: int) -> Formula:
        if depth > DEEPEST:
            raise DefinitionError("the formula has too many parentheses inside each other.", "Make a measure of a part of it.")
        left = self.product(depth)
        while self.next in ("+", "-"):
            sign = str(self.take())
            left = Operation(sign, left, self.product(depth))
        return left

    def product(self, depth: int) -> Formula:
        left = self.factor(depth)
        while self.next in ("*", "/"):
            sign = str(self.take())
            left = Operation(sign, left, self.factor(depth))
        return left

    def factor(self, depth: int) -> Formula:
        token = self.take()
        if token == "-" and depth < DEEPEST:
            return Operation("*", Number(-1), self.factor(depth + 1))
        if token == "(":
            inside = self.sum(depth + 1)
            self.expect(")", "(a + b)")
            return inside
        if token is None or not token[0].isalnum() or token in WORDS:
            raise DefinitionError(
                f"{_shown(token)} stands where a name or a number should.", "A formula is such as share(verified of everyone)."
            )
        if token[0].isdigit():
            return Number(float(token))
        if token in FUNCTIONS:
            return self.function(token)
        if self.next == "(":
            raise DefinitionError(f"there is no function `{token}`.", f"The functions are {listed(FUNCTIONS)}.")
        return Name(token)

    def function(self, function: str) -> Formula:
        example = EXAMPLES[function]
        self.expect("(", example)
        first = self.name(example)
        found: Formula
        if function in ("cost", "spend"):
            found = Money(first, function == "spend")
        elif function == "gap":
            self.expect("by", example)
            found = Gap(first, self.name(example))
        else:
            self.expect("of", example)
            second = self.name(example)
            share = function in ("share", "weighted")
            found = Share(first, second, function == "weighted") if share else Of(function, first, second, self.until(function, example))
        self.expect(")", example)
        return found

    def until(self, function: str, example: str) -> str:
        if self.next != "until":
            return ""
        if function not in ("p50", "p90"):
            raise DefinitionError(f"`until` cannot stand in {function}(…).", f"Write it as in {example}; `until` is for p50 and p90.")
        self.take()
        return self.name(example)


def _shown(token: str | None) -> str:
    return "the end of the formula" if token is None else f"`{token}`"


EXAMPLES: Final = {
    "share": "share(verified of everyone)",
    "weighted": "weighted(audited_right of audited_answers)",
    "sum": "sum(parts_asked of everyone)",
    "mean": "mean(satisfaction of rated)",
    "longest": "longest(seconds of requests)",
    "p50": "p50(seconds of requests until reached)",
    "p90": "p90(seconds of requests until reached)",
    "gap": "gap(resolved by language)",
    "cost": "cost(phone_call)",
    "spend": "spend(assistant_contract)",
}

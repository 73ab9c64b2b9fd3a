"""The tail is the style: the biggest file and function may only shrink. Lower a number when you can; never raise one."""

import ast
from pathlib import Path

SOURCES = [path for path in sorted(Path("src/guildhall").rglob("*.py")) if "versions" not in path.parts]  # migrations are history
BIGGEST_FILE = 400
BIGGEST_FUNCTION = 70
MEDIAN_FILE = 100
NINETY_FIFTH_FUNCTION = 30


def function_lengths() -> list[tuple[int, str]]:
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found.append(((node.end_lineno or node.lineno) - node.lineno + 1, f"{path}:{node.lineno} {node.name}"))
    return sorted(found)


def test_no_file_is_larger_than_the_largest_allowed() -> None:
    too_long = [f"{path}: {n}" for path in SOURCES if (n := path.read_text("utf-8").count("\n")) > BIGGEST_FILE]
    assert too_long == []


def test_half_the_files_are_short() -> None:
    lengths = sorted(path.read_text("utf-8").count("\n") for path in SOURCES)
    assert lengths[len(lengths) // 2] <= MEDIAN_FILE


def test_no_function_is_longer_than_the_longest_allowed() -> None:
    assert [place for length, place in function_lengths() if length > BIGGEST_FUNCTION] == []


def test_nineteen_functions_in_twenty_fit_on_a_screen() -> None:
    lengths = [length for length, _ in function_lengths()]
    assert lengths[int(0.95 * len(lengths))] <= NINETY_FIFTH_FUNCTION

"""Catch-all exception handling stands only at the named boundaries, once in a file, and each says that it is one."""

import ast
from pathlib import Path

BOUNDARIES = [
    "channels/phone/caught.py",
    "conversations/runner.py",
    "providers/foreign.py",
    "providers/speech/grammar_worker.py",
    "providers/telephony/sip/endpoint.py",
    "providers/telephony/sip/ticker.py",
    "web/edges.py",
    "web/surviving.py",
]


def catch_alls() -> list[tuple[str, int, str]]:
    found = []
    for path in sorted(Path("src/guildhall").rglob("*.py")):
        lines = path.read_text("utf-8").splitlines()
        for node in ast.walk(ast.parse("\n".join(lines))):
            broad = isinstance(node, ast.ExceptHandler) and (
                node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException"))
            )
            if broad and isinstance(node, ast.ExceptHandler):
                found.append((path.relative_to("src/guildhall").as_posix(), node.lineno, lines[node.lineno - 1]))
    return found


def test_catch_alls_stand_only_at_boundaries() -> None:
    assert [place[0] for place in catch_alls()] == BOUNDARIES


def test_every_catch_all_says_which_boundary_it_is() -> None:
    assert [place for place in catch_alls() if "# boundary:" not in place[2]] == []

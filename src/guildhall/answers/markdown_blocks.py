"""Council Markdown as blocks that can be quoted: paragraphs with their sentences, lists with their items, tables with their rows."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|Mr|Mrs|Ms|Dr|St|No|approx|cllr|Cllr|Rd|Ave)\.$")
SENTENCE_END = re.compile(r"(?<=[.!?؟۔।])[\"')\]”’]*\s+(?=[\"'(\[“‘]*[^\W_a-z])")
LIST_ITEM = re.compile(r"^\s*(?:[-*+]|(\d{1,2})[.)])\s+(.*)$")
TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")

LONGEST_LEAD_IN = 40


class BlockKind(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    BULLETS = "bullets"
    STEPS = "steps"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `units` are sentences, items or rows; `header` is a table's first row, or what leads in a list."""

    kind: BlockKind
    units: tuple[str, ...]
    header: str = ""

    def text_of(self, units: tuple[str, ...]) -> str:
        """Some of the units as Markdown again. Steps are numbered from one."""
        if not units:
            return ""
        if self.kind == BlockKind.PARAGRAPH:
            return " ".join(units)
        if self.kind == BlockKind.STEPS:
            return "\n".join(f"{number}. {unit}" for number, unit in enumerate(units, 1))
        if self.kind == BlockKind.BULLETS:
            return "\n".join(f"- {unit}" for unit in units)
        columns = self.header.count("|") - 1
        return "\n".join([self.header, "|" + "---|" * max(columns, 1), *units])


def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of a passage, in order. Headings are not quoted and are left out."""
    found: list[Block] = []
    for chunk in re.split(r"\n\s*\n", text.strip()):
        lines = [line.rstrip() for line in chunk.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        if lines:
            found += _blocks_of_lines(lines)
    return tuple(_led_in(block, found[place - 1] if place else None) for place, block in enumerate(found))


def _led_in(block: Block, before: Block | None) -> Block:
    """A list knows the words that lead it in: a paragraph before it that ends in a colon, or the last sentence of a long one."""
    if block.kind not in (BlockKind.BULLETS, BlockKind.STEPS) or before is None or before.kind != BlockKind.PARAGRAPH:
        return block
    if not before.units[-1].endswith(":"):
        return block
    whole = " ".join(before.units)
    return replace(block, header=whole if len(whole.split()) <= LONGEST_LEAD_IN else before.units[-1])


def _blocks_of_lines(lines: list[str]) -> list[Block]:
    found: list[Block] = []
    run: list[str] = []
    run_kind: str | None = None
    for line in [*lines, ""]:
        kind = _kind_of(line) if line else None
        if kind == "text" and run_kind in ("bullets", "steps") and line.startswith((" ", "\t")):
            run[-1] = f"{run[-1]} {line.strip()}"
            continue
        if kind != run_kind and run:
            found += _close(run, run_kind)
            run = []
        run_kind = kind
        run.append(line)
    return found


def _kind_of(line: str) -> str:
    if line.lstrip().startswith("|"):
        return "table"
    item = LIST_ITEM.match(line)
    if item:
        return "steps" if item[1] else "bullets"
    return "text"


def _close(run: list[str], kind: str | None) -> list[Block]:
    if kind == "table":
        rows = [line.strip() for line in run if not TABLE_RULE.match(line)]
        return [Block(BlockKind.TABLE, tuple(rows[1:]), rows[0])] if len(rows) > 1 else []
    if kind in ("bullets", "steps"):
        items = tuple(match[2].strip() for line in run if (match := LIST_ITEM.match(line)))
        return [Block(BlockKind.STEPS if kind == "steps" else BlockKind.BULLETS, items)]
    return [Block(BlockKind.PARAGRAPH, sentences(" ".join(line.strip() for line in run)))]


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a paragraph; abbreviations and numbers do not end one."""
    found: list[str] = []
    for piece in SENTENCE_END.split(text.strip()):
        if found and ABBREVIATION.search(found[-1]):
            found[-1] = f"{found[-1]} {piece}"
        elif piece:
            found.append(piece)
    return tuple(found)


ASKS: Final = re.compile(r"(what|who|whom|whose|where|when|which|why|how)\b", re.IGNORECASE)


def said_cell(name: str, cell: str, between: str) -> str:
    """A cell for the ear, with its column's name. A name that only asks ("What it is for", "How often") is answered by the cell and not said."""
    return cell if not name or ASKS.match(name) else f"{name}{between}{cell}"


def cells(row: str) -> tuple[str, ...]:
    """The cells of a table row."""
    return tuple(cell.strip() for cell in row.strip().strip("|").split("|"))

from guildhall.channels.web.links import LinkPolicy
from guildhall.channels.web.reply_html import Block, ReplyPresenter
from guildhall.vocabulary.ids import PassageId
from guildhall.vocabulary.passages import Citation
from guildhall.vocabulary.turns import PartKind, ReplyPart

BINS = Citation(PassageId("p1"), "Bins", "When", "/bins", "2026-01-02")
TAX = Citation(PassageId("p2"), "Tax", "Tax", "https://elsewhere.example/", "")


def blocks(*parts: ReplyPart) -> list[Block]:
    return list(ReplyPresenter(LinkPolicy("https://www.council.example", frozenset({"www.council.example"})), "Table").all(parts))


def answer(question: str, *citations: Citation, language: str = "en") -> ReplyPart:
    return ReplyPart(PartKind.ANSWER, "words", language, citations, question=question)


def test_blocks_of_one_question_share_one_heading_and_one_list_of_sources() -> None:
    kinds = [block.kind for block in blocks(answer("A?", BINS), answer("A?", BINS), answer("B?", TAX))]
    assert kinds == ["heading", "answer", "answer", "sources", "heading", "answer", "sources"]


def test_what_stands_after_the_last_question_is_set_apart() -> None:
    offered = ReplyPart(PartKind.PERSON, "A person?", "en")
    assert [block.kind for block in blocks(answer("A?", BINS), offered)] == ["heading", "answer", "sources", "break", "person"]


def test_one_question_needs_no_heading() -> None:
    assert [block.kind for block in blocks(answer("", BINS))] == ["answer", "sources"]


def test_a_source_says_each_thing_once_and_is_linked_only_where_allowed() -> None:
    first, second = (block.sources[0] for block in blocks(answer("A?", BINS), answer("B?", TAX)) if block.kind == "sources")
    assert (first.title, first.section, first.url, first.updated) == ("Bins", "When", "https://www.council.example/bins", "2026-01-02")
    assert (second.section, second.url) == ("", "")


def test_each_block_has_the_language_and_direction_of_its_part() -> None:
    (block, _) = blocks(answer("", BINS, language="ur"))
    assert (block.language, block.direction) == ("ur", "rtl")


def test_crisis_and_hazard_wording_stand_out_and_crisis_makes_the_page_leavable() -> None:
    crisis = ReplyPart(PartKind.WORDING, "x", "en", wording="crisis.domestic_abuse")
    hazard = ReplyPart(PartKind.WORDING, "x", "en", wording="hazard.gas")
    assert [(block.kind, block.sensitive) for block in blocks(crisis, hazard)] == [("urgent", True), ("urgent", False)]

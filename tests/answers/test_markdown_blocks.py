"""Council Markdown falls into the blocks that can be quoted."""

from guildhall.answers.markdown_blocks import BlockKind, blocks_of, cells, sentences


def test_a_passage_falls_into_paragraphs_lists_steps_and_tables() -> None:
    blocks = blocks_of("# Title\n\nOne. Two.\n\n- a\n- b\n\n1. c\n2. d\n\n| x | y |\n|---|---|\n| 1 | 2 |")
    assert [block.kind for block in blocks] == [BlockKind.PARAGRAPH, BlockKind.BULLETS, BlockKind.STEPS, BlockKind.TABLE]
    assert blocks[3].header == "| x | y |"
    assert blocks[3].text_of(("| 1 | 2 |",)) == "| x | y |\n|---|---|\n| 1 | 2 |"


def test_a_list_knows_the_sentence_that_leads_it_in() -> None:
    lead, items = blocks_of("You qualify when all of these are true:\n\n- you live here\n- you are 18")
    assert items.header == lead.units[-1] == "You qualify when all of these are true:"


def test_of_a_long_paragraph_only_the_last_sentence_leads_in() -> None:
    long = "This office is open to everybody who lives in the area. " * 5
    assert blocks_of(f"{long}Bring these:\n\n- a bill")[-1].header == "Bring these:"


def test_a_list_after_a_finished_sentence_has_no_lead_in() -> None:
    assert blocks_of("Bring papers.\n\n- a bill")[-1].header == ""


def test_an_item_goes_on_over_an_indented_line() -> None:
    assert blocks_of("- one\n  two\n- three")[0].units == ("one two", "three")


def test_abbreviations_and_amounts_do_not_end_a_sentence() -> None:
    assert sentences("Bring proof, e.g. a bill. It costs £5.50 today.") == ("Bring proof, e.g. a bill.", "It costs £5.50 today.")


def test_cells_are_trimmed() -> None:
    assert cells("| Rats | £45 |") == ("Rats", "£45")

"""Charts keep what they are given: axes cover it, nothing stands outside the view box, and no flow is lost."""

import itertools
import re
from collections import defaultdict

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from guildhall.web.assets import Assets
from guildhall.web.charts import (
    Bar,
    Column,
    Dot,
    Figure,
    Flow,
    Node,
    Point,
    Rule,
    Series,
    Stack,
    Unit,
    bars,
    columns,
    lines,
    sankey,
    say,
    scatter,
    spark,
    stacked,
)
from guildhall.web.charts.figure import Cell, Table
from guildhall.web.charts.numbers import brief
from guildhall.web.charts.scales import Scale, Stretched, thinned, ticks
from guildhall.web.charts.shapes import Drawing, Mark, Rect, Ribbon, Text, fit, text_width
from guildhall.web.templates import open_templates

NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1, max_size=60)
AMOUNTS = st.floats(0, 1e9, allow_nan=False)
SHARES = st.floats(0, 1)
UNITS = st.sampled_from(Unit)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def outside(drawing: Drawing) -> list[object]:
    """Shapes that leave the view box by more than a pixel."""
    return [
        shape for shape in drawing.shapes for x, y in shape.places() if not (-1 <= x <= drawing.width + 1 and -1 <= y <= drawing.height + 1)
    ]


def within(figure: Figure) -> bool:
    return outside(figure.wide) == [] and outside(figure.narrow) == []


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12), UNITS, st.integers(2, 8))
@example(0.0, 3.54e-17, Unit.SHARE, 2)
@example(1.1e-9, 2.2e-9, Unit.SHARE, 8)
def test_ticks_cover_what_they_are_for_and_are_few_and_evenly_apart(low: float, high: float, unit: Unit, most: int) -> None:
    marks = ticks(low, high, unit, most)
    low, high = min(low, high), max(low, high)
    slack = (marks[1] - marks[0]) * 1e-6
    assert marks[0] <= low + slack and marks[-1] >= high - slack
    assert 2 <= len(marks) <= most + 2
    steps = [after - before for before, after in itertools.pairwise(marks)]
    assert max(steps) - min(steps) <= max(steps) * 1e-6 + slack


def test_an_axis_of_times_is_cut_at_times_and_one_of_counts_at_whole_numbers() -> None:
    assert ticks(0, 290, Unit.SECONDS) == (0, 60, 120, 180, 240, 300)
    assert ticks(0, 3) == (0, 1, 2, 3)
    assert ticks(0, 0.37, Unit.SHARE) == (0, 0.1, 0.2, 0.3, 0.4)
    with pytest.raises(ValueError, match="finite"):
        ticks(0, float("nan"))


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-1e7, 1e7))
def test_a_scale_holds_every_value_between_its_ends(low: float, high: float, value: float) -> None:
    assert 10 <= Scale(low, high, 10, 90)(value) <= 90


@given(st.floats(0, 1e6), st.floats(0, 1e7))
def test_a_stretched_scale_holds_every_time_and_puts_a_later_one_no_further_left(high: float, value: float) -> None:
    scale = Stretched(0, high, 10, 90)
    assert 10 <= scale(value / 2) <= scale(value) <= 90


def test_on_a_stretched_axis_minutes_have_room_beside_hours() -> None:
    scale = Stretched(0, 50_000, 0, 100)
    assert scale(60) > 20 and scale(600) > 45
    waits = [Series("In hours", tuple(Point(x, y) for x, y in ((0, 1.0), (60, 0.5), (50_000, 0.0))), step=True)]
    texts = [
        s.text
        for s in lines("l", "Title", "Finding.", waits, Unit.SHARE, x_unit=Unit.SECONDS, stretched=True).wide.shapes
        if isinstance(s, Text)
    ]
    assert [text for text in texts if not text.endswith("%")] == ["0 s", "10 s", "1 min", "10 min", "1 h", "6 h"]


@given(st.integers(0, 400), st.integers(1, 30))
def test_labels_are_thinned_to_what_there_is_room_for(count: int, most: int) -> None:
    shown = thinned(count, most)
    assert len(shown) <= most and (not count or shown[0] == 0)


@given(NAMES, st.floats(0, 300))
def test_words_that_do_not_fit_are_cut_to_fit(words: str, room: float) -> None:
    assert text_width(fit(words, 14, room), 14) <= room


@QUICK
@given(st.lists(st.tuples(NAMES, st.none() | AMOUNTS, AMOUNTS), max_size=20), UNITS)
def test_bars_stay_in_the_view_box(rows: list[tuple[str, float | None, float]], unit: Unit) -> None:
    made = [Bar(name, value, value and value * 0.9, value and value + more) for name, value, more in rows]
    assert within(bars("b", "Title", "Finding.", made, unit))


def test_a_bar_of_too_few_is_said_and_not_drawn() -> None:
    figure = bars("b", "Title", "Finding.", [Bar("Polish", None), Bar("English", 0.5, 0.4, 0.6, 120)], Unit.SHARE)
    assert [shape.tip for shape in figure.wide.shapes if isinstance(shape, Rect)] == ["English: 50%"]
    assert figure.table.columns == ("Group", "Value", "95% interval", "Of")
    assert [cell.text for cell in figure.table.rows[0]] == ["Polish", "too few to show", "", ""]
    assert [cell.text for cell in figure.table.rows[1]] == ["English", "50.0%", "40.0% to 60.0%", "120"]


@QUICK
@given(st.lists(st.tuples(NAMES, st.lists(AMOUNTS, min_size=4, max_size=4)), max_size=12), UNITS, st.booleans())
def test_stacked_bars_stay_in_the_view_box_and_fill_it_by_their_shares(
    rows: list[tuple[str, list[float]]], unit: Unit, shares: bool
) -> None:
    made = [Stack(name, tuple(parts)) for name, parts in rows]
    figure = stacked("s", "Title", "Finding.", ["a", "b", "c", "d"], made, unit, shares=shares)
    assert within(figure)
    if shares and len(made) == 1 and made[0].total > 0:
        parts = [shape for shape in figure.wide.shapes if isinstance(shape, Rect) and shape.look == "part"]
        whole = sum(part.width for part in parts)
        for part in parts:
            assert part.width / whole == pytest.approx(made[0].parts[part.series - 1] / made[0].total, abs=1e-6)


@QUICK
@given(st.lists(st.lists(AMOUNTS, min_size=2, max_size=2), max_size=60))
def test_columns_stay_in_the_view_box(days: list[list[float]]) -> None:
    made = [Column(f"{number} Nov", tuple(parts)) for number, parts in enumerate(days)]
    assert within(columns("c", "Title", "Finding.", ["a", "b"], made))


@QUICK
@given(st.lists(st.tuples(st.none() | SHARES, SHARES, SHARES), max_size=60), st.booleans(), NAMES)
def test_lines_with_gaps_and_bands_stay_in_the_view_box(values: list[tuple[float | None, float, float]], step: bool, rule: str) -> None:
    points = tuple(Point(float(at), y, min(low, high), max(low, high)) for at, (y, low, high) in enumerate(values))
    names = [f"{at + 1} March" for at in range(len(values))]
    made = lines("l", "Title", "Finding.", [Series("One", points, step)], Unit.SHARE, names=names, rules=[Rule(0.0, rule)])
    assert within(made)


def test_a_gap_in_a_line_stays_a_gap() -> None:
    points = tuple(Point(at, y) for at, y in enumerate([1.0, 2.0, None, 4.0, 5.0]))
    drawn = lines("l", "Title", "Finding.", [Series("One", points)], Unit.COUNT, names=list("abcde")).wide
    assert sum(shape.look == "line" for shape in drawn.shapes if not isinstance(shape, Ribbon)) == 2


@QUICK
@given(st.lists(st.tuples(NAMES, AMOUNTS, AMOUNTS, st.integers(1, 3), st.booleans()), max_size=40))
def test_dots_and_their_names_stay_in_the_view_box(found: list[tuple[str, float, float, int, bool]]) -> None:
    dots = [Dot(name, x, y, kind, labelled=mark, on_frontier=mark) for name, x, y, kind, mark in found]
    made = scatter("d", "T", "F.", dots, kinds=["a", "b", "c"], x_name="Cost", x_unit=Unit.PENCE, y_name="Value", y_unit=Unit.SCORE)
    assert within(made)


@given(st.lists(st.none() | st.floats(-1e6, 1e6), max_size=60))
def test_a_spark_stays_in_its_place(values: list[float | None]) -> None:
    assert outside(spark(values)) == []


@st.composite
def flowing(draw: st.DrawFn) -> tuple[list[Node], list[Flow]]:
    """A whole that divides and joins over three to five stages."""
    sizes = draw(st.lists(st.integers(1, 6), min_size=3, max_size=5))
    nodes = [Node(f"{layer}.{n}", draw(NAMES), layer, n % 5) for layer, size in enumerate(sizes) for n in range(size)]
    held: dict[str, float] = {f"0.{n}": float(draw(st.integers(0, 1_000_000))) for n in range(sizes[0])}
    flows: list[Flow] = []
    for layer, size in enumerate(sizes[1:], 1):
        came: dict[str, float] = defaultdict(float)
        for source, value in held.items():
            weights = [draw(st.integers(0, 5)) for _ in range(size)]
            weights[0] += 1
            for n, weight in enumerate(weights):
                flows.append(Flow(source, f"{layer}.{n}", value * weight / sum(weights)))
                came[f"{layer}.{n}"] += flows[-1].value
        held = came
    return nodes, flows


@QUICK
@given(flowing())
def test_flows_conserve_and_stay_in_the_view_box(given_: tuple[list[Node], list[Flow]]) -> None:
    nodes, flows = given_
    figure = sankey("s", "Title", "Finding.", [str(n) for n in range(1 + max(node.layer for node in nodes))], nodes, flows)
    assert within(figure)
    ribbons = [shape for shape in figure.wide.shapes if isinstance(shape, Ribbon)]
    by_stage: dict[float, float] = defaultdict(float)
    for ribbon in ribbons:
        by_stage[round(ribbon.x0, 3)] += ribbon.height
    heights = list(by_stage.values())
    assert all(height == pytest.approx(heights[0], rel=1e-6) for height in heights), "as much leaves every stage as came to it"


@pytest.mark.parametrize("name", ["Passed on, wrong team", "Left before an answer", "Answered, no person"])
def test_no_name_of_a_flow_is_cut_on_a_phone_that_fits_on_two_lines(name: str) -> None:
    nodes = [Node("a", name, 0), Node("b", name, 1)]
    drawn = sankey("s", "T", "F.", ["1", "2"], nodes, [Flow("a", "b", 165)]).narrow
    words = " ".join(shape.text for shape in drawn.shapes if isinstance(shape, Text) and shape.look == "node-label")
    assert words == f"{name} 165 {name} 165"


def test_the_name_of_a_rule_is_not_written_over_the_line() -> None:
    points = tuple(Point(at, y) for at, y in enumerate([1.0, 3.0, 4.8, 4.9, 5.0]))
    high, low = (
        next(shape for shape in figure.narrow.shapes if isinstance(shape, Text) and shape.look == "rule-label")
        for figure in (
            lines("l", "T", "F.", [Series("One", points)], Unit.COUNT, names=list("abcde"), rules=[Rule(at, "asked")]) for at in (0.0, 3.0)
        )
    )
    assert low.y > high.y + 40


def test_a_flow_that_loses_something_is_refused() -> None:
    nodes = [Node("a", "A", 0), Node("b", "B", 1), Node("c", "C", 2)]
    with pytest.raises(ValueError, match="10 came to b and 9 left it"):
        sankey("s", "T", "F.", ["1", "2", "3"], nodes, [Flow("a", "b", 10), Flow("b", "c", 9)])
    with pytest.raises(ValueError, match="does not lead one stage on"):
        sankey("s", "T", "F.", ["1", "2", "3"], nodes, [Flow("a", "c", 10)])


def test_more_than_four_series_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 4 series, not 5"):
        stacked("s", "T", "F.", list("abcde"), [Stack("x", (1, 2, 3, 4, 5))])
    with pytest.raises(ValueError, match="2 parts of zero and more"):
        stacked("s", "T", "F.", ["a", "b"], [Stack("x", (1, -2))])


@pytest.mark.parametrize(
    ("value", "unit", "full", "short"),
    [
        (1204, Unit.COUNT, "1,204", "1.2k"),
        (0.613, Unit.SHARE, "61.3%", "61%"),
        (250, Unit.SECONDS, "4 min 10 s", "4 min 10 s"),
        (0.4, Unit.SECONDS, "0.4 s", "0.4 s"),
        (120050, Unit.PENCE, "£1,200.50", "£1.2k"),
        (-500, Unit.PENCE, "−£5", "−£5"),
        (1, Unit.POINTS, "1.0 point", "1"),
        (5.21, Unit.POINTS, "5.2 points", "5.21"),
    ],
)
def test_values_are_said_in_their_unit(value: float, unit: Unit, full: str, short: str) -> None:
    assert (say(value, unit), brief(value, unit)) == (full, short)


def test_what_is_not_known_is_said() -> None:
    assert say(None, Unit.SHARE) == "not known" == say(float("nan"), Unit.COUNT)


def test_a_file_holds_unrounded_values_and_no_formula() -> None:
    table = Table(("Group", "Value"), ((Cell("=cmd()"), Cell("61.3%", raw=0.61342)),))
    assert table.csv().splitlines() == ["Group,Value", "'=cmd(),0.61342"]


def page(figure: Figure) -> str:
    """The figure as its macro writes it."""
    from guildhall.councils.config import Brand

    environment = open_templates(Assets.read(Brand()))
    return environment.from_string('{% import "charts/figure.html" as charts %}{{ charts.figure(f) }}').render(f=figure)


def test_a_figure_says_its_finding_has_its_table_and_nothing_that_the_content_policy_forbids() -> None:
    rows = [Stack("Bins & <b>bags</b>", (3, 1), "/console/value?service=bins")]
    html = page(stacked("parts", "What became of contacts", "Three in four were verified.", ["Verified", "Other"], rows, csv="/x.csv"))
    tree = LexborHTMLParser(html)
    pictures = tree.css("svg[role=img]")
    assert len(pictures) == 2
    for picture in pictures:
        ids = (picture.attributes["aria-labelledby"] or "").split()
        assert [node.text() for id_ in ids for node in tree.css(f"#{id_}")] == ["What became of contacts", "Three in four were verified."]
    assert [link.attributes["href"] for link in tree.css("tbody a")] == ["/console/value?service=bins"]
    assert [node.text() for node in tree.css("td .under")] == ["75.0%", "25.0%"]
    assert "<b>bags" not in html and "Bins &amp; &lt;b&gt;" in html
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=", html)
    assert len(set(re.findall(r'\sid="([^"]+)"', html))) == len(re.findall(r'\sid="', html)), "no id twice"


def test_an_empty_figure_says_so() -> None:
    assert "nothing to show here yet" in page(bars("b", "T", "F.", [], Unit.COUNT))


def test_points_with_an_address_can_be_followed_from_the_drawing_only_when_that_is_asked() -> None:
    points = (Point(0, 1.0, href="/a"), Point(1, 2.0, href="/b"))
    plain, linked = (lines("n", "t", "f", [Series("s", points)], Unit.COUNT, linked=way) for way in (False, True))
    assert not plain.wide.linked and linked.wide.linked and linked.narrow.linked
    assert [shape.href for shape in linked.wide.shapes if isinstance(shape, Mark)] == ["/a", "/b"]

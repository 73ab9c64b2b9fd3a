"""Charts as pure geometry: numbers in, shapes in a view box out; the macros of `templates/charts` draw them as SVG.

A page makes a `Figure` with one of the functions below and writes `{{ charts.figure(figure) }}`. Each figure is drawn twice, for wide and for
narrow places, says its finding in words, and has the table it was drawn from beside it. Charts never read anything. Start reading at `figure.py`.
"""

from guildhall.web.charts.bars import Bar, bars
from guildhall.web.charts.columns import Column, columns
from guildhall.web.charts.figure import Cell, Figure, Key, Table
from guildhall.web.charts.lines import Point, Rule, Series, lines
from guildhall.web.charts.numbers import Unit, say
from guildhall.web.charts.sankey import Flow, Node, sankey
from guildhall.web.charts.scatter import Dot, scatter
from guildhall.web.charts.spark import spark
from guildhall.web.charts.stacked import Stack, stacked

__all__ = [
    "Bar", "Cell", "Column", "Dot", "Figure", "Flow", "Key", "Node", "Point", "Rule", "Series", "Stack", "Table", "Unit",
    "bars", "columns", "lines", "sankey", "say", "scatter", "spark", "stacked",
]  # fmt: skip

"""Markdown pieces of the model card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .evaluation_print import between, number, percent

ABSENT = "*Not measured in this evaluation.*"


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table, first column to the left, the others to the right; bars inside cells are escaped."""
    align = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in [head, align, *rows]
    )


def with_interval(rate: float | None, interval: Sequence[float] | None) -> str:
    """`12.3 [10.1, 14.9]`, in per cent."""
    return f"{percent(rate)} {between(interval)}".strip()


def number_with_interval(value: float | None, interval: Sequence[float] | None) -> str:
    """`0.912 [0.870, 0.944]`."""
    return number(value) + ("" if interval is None else f" [{number(interval[0])}, {number(interval[1])}]")


def counted(counts: Mapping[str, int]) -> str:
    """`en 524, zh 118, …` in the order given."""
    return ", ".join(f"{name} {count}" for name, count in counts.items())

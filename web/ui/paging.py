"""Long lists, page by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Pages(NamedTuple):
    """Links to the other pages of a list."""

    current: int
    links: list[tuple[int, str]]  # number and address; empty if there is one page only
    next_url: str


def pages(current: int, last: int, address: Callable[[int], str]) -> Pages:
    """Links to the first page, those around this one, and the last.

    Args:
        current: the page that is shown.
        last: the number of pages.
        address: makes the address of a page.
    """
    near = {1, *range(max(1, current - 2), min(last, current + 2) + 1), last}
    links = [(n, address(n)) for n in sorted(near)] if last > 1 else []
    return Pages(current, links, address(current + 1) if current < last else "")

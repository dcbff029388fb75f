"""Months that a source writes as days."""

from __future__ import annotations

import calendar
import datetime


def month_of(written: str) -> tuple[str, str]:
    """What a date says if it should be a month: the first or the last day stands for its month, others for themselves.

    Makers tell months up to which models know; of 99 such dates of one source 91 are a first or last day.

    Args:
        written: an ISO date, or another text, which is given back.

    Returns:
        The value, and a note where it is not as written.

    >>> month_of("2025-01-01"), month_of("2023-11-30")
    (('2025-01', 'written 2025-01-01'), ('2023-11', 'written 2023-11-30'))
    >>> month_of("2026-02-16"), month_of("2025-03"), month_of("spring")
    (('2026-02-16', ''), ('2025-03', ''), ('spring', ''))
    """
    try:
        day = datetime.date.fromisoformat(written)
    except ValueError:
        return written, ""
    if len(written) != len("2025-01-01"):
        return written, ""
    if day.day in (1, calendar.monthrange(day.year, day.month)[1]):
        return written[: len("2025-01")], f"written {written}"
    return written, ""

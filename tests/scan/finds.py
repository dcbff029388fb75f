"""What a text gives, in short."""

from __future__ import annotations

from kg.scan.scan import Known, scan_text


def finds(text: str, name: str, known: Known | None = None) -> list[tuple[int, str, str, str]]:
    """Line, name, kind and how sure, of each finding."""
    return [(f.line, f.what, f.kind, f.sure) for f in scan_text(text, name, known)]


def names(text: str, name: str, known: Known | None = None) -> list[str]:
    return [finding.what for finding in scan_text(text, name, known)]

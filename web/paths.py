"""Where the files of the site stand beside its modules."""

from __future__ import annotations

from pathlib import Path

WEB = Path(__file__).resolve().parent
STATIC = WEB / "static"

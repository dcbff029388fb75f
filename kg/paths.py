"""Where the files that travel with the program stand: in a wheel and in a checkout."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
_WHEEL = _HERE / "_share"  # pyproject.toml's force-include puts them there
CHECKOUT = not _WHEEL.is_dir()
SHARE = _HERE.parent if CHECKOUT else _WHEEL
ONTOLOGY = SHARE / "ontology"
DATA = SHARE / "data"

"""Where the files that travel with the program stand: in a wheel and in a checkout."""

from __future__ import annotations

from pathlib import Path

KG = Path(__file__).resolve().parent
_WHEEL = KG / "_share"  # pyproject.toml's force-include puts them there
CHECKOUT = not _WHEEL.is_dir()
SHARE = KG.parent if CHECKOUT else _WHEEL
ONTOLOGY = SHARE / "ontology"
DATA = SHARE / "data"

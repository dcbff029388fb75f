"""The way from a search for models to the table of all models."""

from __future__ import annotations

from typing import Any

from flask import url_for

from web.search._request import WORD, SearchRequest

_SAME = {"org": "org", "license": "license", "lang": "language", "access": "access"}
_SAID = {*_SAME, "kind", "verdict", "size", "year"}  # facets that the table has as well


def table_address(asked: SearchRequest) -> str:
    """The table that asks the same; "" where the search is not for models alone, or asks what the table cannot."""
    chosen = {facet: values for facet, values in asked.chosen.items() if values}
    if chosen.get("kind") != ("model",) or not chosen.keys() <= _SAID:
        return ""
    # Several values need not be one range
    if any(len(chosen.get(facet, ())) > 1 for facet in ("size", "year")):
        return ""
    given: dict[str, Any] = {"q": asked.text or None, WORD: list(asked.as_words)}
    given |= {name: list(chosen.get(facet, ())) for facet, name in _SAME.items()}
    given["verdict"] = list(chosen.get("verdict", ()))
    low, _, high = next(iter(chosen.get("size", ())), "").partition("..")
    given |= {"params-from": low or None, "params-to": high or None}
    year = next(iter(chosen.get("year", ())), None)
    given |= {"released-from": year, "released-to": year, "all": "1" if asked.all else None}
    return url_for("models.page", **given)

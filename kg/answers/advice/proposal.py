"""A model that does not exist yet, as a user describes it; kg/answers/advice/what_if.py answers for it."""

from __future__ import annotations

import msgspec


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A model that does not exist yet, as a user describes it."""

    bases: tuple[str, ...] = ()  # ids, names or addresses of models
    relation: str = ""  # how it derives from them; "" = a merge of several, a fine-tune of one
    data: tuple[str, ...] = ()  # datasets it is trained on
    outputs_of: tuple[str, ...] = ()  # models that write training data for it
    license: str = ""  # that it is to carry; "" = none yet
    card: str = ""  # a model card, instead of all these

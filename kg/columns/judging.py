"""The verdicts on all models for a profile, worked out once for each state and each way in which names fit it.

By the same rules as every other verdict (kg/licenses/rules.py): a model is judged by its state alone, so those whose
states are the same, and whose names a clause on names cannot tell apart, are judged alike.
"""

from __future__ import annotations

import numpy as np

from kg.columns.table import ModelTable, read_table
from kg.licenses.profile import NOBODY, Profile, begins
from kg.licenses.rules import USES, Facts, LicenseRules
from kg.licenses.terms import Use
from kg.licenses.verdicts import Verdicts, code_of
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

_KEPT = 32  # profiles whose verdicts are remembered, a byte a model


@memo(most=_KEPT)
def judge_models(snapshot: Snapshot, use: Use, profile: Profile = NOBODY) -> Verdicts:
    """The verdict on a use of each model, as a code of kg/licenses/verdicts.py.

    Args:
        snapshot: an open snapshot.
        use: what they are to be used for.
        profile: what is known of who asks.
    """
    first, end = snapshot.kind_range("model")
    of_build = np.asarray(snapshot.verdicts[first:end, USES.index(use)])
    if profile == NOBODY:
        return of_build
    table, engine = read_table(snapshot), snapshot.states.engine
    codes = np.zeros(len(table.states), np.uint8)
    named: list[int] = []  # the states that ask for names
    for number, state in enumerate(table.states):
        if engine.beginnings(state) and profile.name is None:
            named.append(number)
        else:
            codes[number] = code_of(engine.verdict(state, use, Facts((), profile)))
    found: Verdicts = codes[table.state]
    _judge_named(table, engine, named, found, use, profile)
    found[of_build == 0] = 0  # what the build did not ask is not asked here either
    return found


def _judge_named(
    table: ModelTable,
    engine: LicenseRules,
    named: list[int],
    found: Verdicts,
    use: Use,
    profile: Profile,
) -> None:
    """Judge the models whose terms ask for their names."""
    known: dict[tuple[int, bool, tuple[bool, ...]], int] = {}
    for row in np.flatnonzero(np.isin(table.state, np.array(named, np.int32))).tolist():
        number, names = int(table.state[row]), table.names(row)
        state = table.states[number]
        fits = tuple(begins(start, names) for start in engine.beginnings(state))
        key = number, bool(names), fits
        if key not in known:
            known[key] = code_of(engine.verdict(state, use, Facts(names, profile)))
        found[row] = known[key]

"""The states of entities that wait for each other: they are gone over until nothing changes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from kg.licenses._graph import LicenseGraph, StateNumbers
from kg.licenses.states import States
from kg.lineage.closure import components


def settle_cycles(
    states: States, graph: LicenseGraph, nodes: Iterable[int], state: StateNumbers
) -> None:
    """Find the states of nodes that wait for each other, and of those that wait for them.

    Args:
        states: the shared tables.
        graph: the engine.
        nodes: those without a state yet, whose state is 0.
        state: the states of the engine; it is written to.
    """
    waiting = dict.fromkeys(nodes)
    needs = {node: [o for o in graph.needs(node) if o in waiting] for node in waiting}
    for part in components(needs):
        if len(part) > 1 or part[0] in needs[part[0]]:
            _settle_cycle(states, graph, {node: needs[node] for node in part}, state)
        else:
            state[part[0]] = states.find_state(graph, part[0])


def _settle_cycle(
    states: States, graph: LicenseGraph, needs: Mapping[int, Sequence[int]], state: StateNumbers
) -> None:
    """Find the states of nodes each of which waits for all others.

    Terms only ever come to a state while it is fixed what follows from merges and which families
    without a license count; so these are judged in between, and the order of nodes does not matter.
    """
    merged, rest = dict.fromkeys(needs, 0), dict.fromkeys(needs, False)
    after: dict[int, list[int]] = {node: [] for node in needs}
    for node, others in needs.items():
        for other in others:
            if other in after:
                after[other].append(node)

    def repeat() -> None:
        ahead, waiting = deque(needs), set(needs)
        while ahead:
            node = ahead.popleft()
            waiting.remove(node)
            found = states.find_state(graph, node, merged[node], rest[node])
            if found != state[node]:
                state[node] = found
                ahead.extend(again := set(after[node]) - waiting)
                waiting |= again

    repeat()
    merged = {node: states.merged(graph.parents(node)) for node in needs}
    repeat()
    for node in needs:
        if members := graph.members(node):
            rest[node] = states.differ(members, states.shared(graph, node, members))
    repeat()

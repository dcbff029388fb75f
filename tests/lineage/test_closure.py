"""Components of a graph equal those of networkx, and come after what they need."""

from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from kg.lineage.closure import components


@given(st.dictionaries(st.integers(0, 9), st.lists(st.integers(0, 9), max_size=4)))
def test_components_come_after_what_they_need(needs: dict[int, list[int]]) -> None:
    found = [*components(needs)]
    graph = nx.DiGraph([(node, other) for node, others in needs.items() for other in others])
    graph.add_nodes_from(needs)
    assert sorted(found) == sorted(sorted(part) for part in nx.strongly_connected_components(graph))
    place = {node: i for i, part in enumerate(found) for node in part}
    assert all(place[other] <= place[node] for node, other in graph.edges)


def test_a_long_row_is_no_recursion() -> None:
    size = 50_000
    assert [*components({n: [n + 1] for n in range(size)})] == [[n] for n in range(size, -1, -1)]

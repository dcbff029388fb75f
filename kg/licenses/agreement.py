"""A family whose members are judged alike is judged as they are.

Its own terms are those that all members share (kg/licenses/states.py), so that members that come to one
verdict by different clauses would leave their family with none. A license of the family's own speaks first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from kg.licenses.ancestry import Ancestry
from kg.licenses.rules import Facts
from kg.licenses.states import States
from kg.licenses.terms import Use, Verdict

Judge = Callable[[int], Sequence[Verdict]]


class FamilyJudge(NamedTuple):
    """Judges entities, families by their members.

    Args:
        judge: the verdicts on a node by its own terms, one a use.
        members: of a family without a license of its own; nothing of any other node.
    """

    judge: Judge
    members: Callable[[int], Sequence[int]]

    def verdicts(
        self, node: int, above: frozenset[int] = frozenset()
    ) -> tuple[Sequence[Verdict], int]:
        """The verdicts on a node, and how many members agree where those decide and its terms do not.

        Args:
            node: the number of an entity.
            above: the families that are being judged; one that stands in itself is judged by its terms.
        """
        own = tuple(self.judge(node))
        members = [] if node in above else self.members(node)
        if not members:
            return own, 0
        rows = [self.verdicts(one, above | {node})[0] for one in members]
        columns = zip(own, zip(*rows, strict=True), strict=True)
        found = tuple(column[0] if len({*column}) == 1 else mine for mine, column in columns)
        return found, len(members) if found != own else 0


def judge_ancestry(
    ancestry: Ancestry,
    states: States,
    use: Use,
    facts: Facts,
    names: Callable[[int], tuple[str, ...]],
) -> tuple[Verdict, int]:
    """The verdict on the root of an ancestry, and how many members agree where those decide.

    Args:
        ancestry: the terms on the root and all it comes from.
        states: the shared tables.
        use: what it is to be used for.
        facts: what is known of the use.
        names: the names of a node, asked for only where a term asks for them.
    """
    engine = states.engine

    def judge(node: int) -> list[Verdict]:
        state = ancestry.state[node]
        verdict = states.judged(state, use, facts.profile)
        if verdict is None:
            verdict = engine.verdict(states.all[state], use, facts._replace(names=names(node)))
        return [verdict]

    def members(node: int) -> Sequence[int]:
        return () if ancestry.is_stated(node) else ancestry.nodes[node].members

    verdicts, agree = FamilyJudge(judge, members).verdicts(ancestry.root)
    return verdicts[0], agree

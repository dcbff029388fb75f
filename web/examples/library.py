"""What the site answers, asked from Python."""

from kg.answers import lineage as kinship
from kg.answers import search as search_answer
from kg.answers import show as answers
from kg.answers.contract import to_json
from kg.answers.license import license_answer
from kg.config import load_config
from kg.snapshot.snapshot import Snapshot

snapshot = Snapshot.current(load_config().home)  # what `gyebo build` published

# Names as people type them, in either language.
hit = search_answer.search(snapshot, "알파카", limit=1).hits[0]
print(hit.id, hit.label)

# Facts with their claims: who says what, and where sources disagree.
for fact in answers.show(snapshot, "model/llama-65b").facts:
    if fact.disputed:
        print(fact.property, fact.value, [claim.value for claim in fact.claims])

# Ancestors and descendants; a family as a networkx graph.
found = kinship.find_genealogy(snapshot, "model/alpaca-7b", direction="up")
print([snapshot.id_at(number) for number in found.nodes])
print(kinship.lineage_graph(snapshot, "family/llama"))

# What one may do with it, as `gyebo license --json` says.
answer = license_answer(snapshot, "model/alpaca-7b", use="commercial")
print(answer.verdict, to_json(answer)[:40])

snapshot.close()

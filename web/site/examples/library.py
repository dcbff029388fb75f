"""What the site answers, asked from Python. docs/library.md lists the functions."""

import kg

# What `gyebo build` published; it never changes while it is open.
with kg.open_snapshot() as snapshot:
    # Names as people type them, in either language.
    hit = kg.search(snapshot, "알파카", limit=1).hits[0]
    print(hit.id, hit.label)

    # Facts with their claims: who says what, and where sources disagree.
    for fact in kg.show(snapshot, "llama-65b").facts:
        if fact.disputed:
            print(fact.property, fact.value, [claim.value for claim in fact.claims])

    # Ancestors and descendants, the ways up, and a family as a networkx graph.
    print([node.id for node in kg.lineage(snapshot, "alpaca-7b", direction="up").nodes])
    for way in kg.paths(snapshot, "vicuna-7b", "llama-7b"):
        print(" > ".join([way[0].child, *(edge.parent for edge in way)]))
    print(kg.lineage_graph(snapshot, "family/llama"))

    # What one may do with it, as `gyebo license --json` says.
    answer = kg.license_answer(snapshot, "alpaca-7b", use="commercial")
    print(answer.verdict, kg.to_json(answer)[:40])

    # SPARQL, run in a process that can be stopped.
    found = kg.query(snapshot, "SELECT ?m { ?m kg:inFamily <family/koalpaca> } ORDER BY ?m")
    print([row["m"] for row in found.rows])

    # A name that is not known says what was meant.
    try:
        kg.show(snapshot, "model/alpaca-7")
    except kg.UnknownId as error:
        print(error.near)

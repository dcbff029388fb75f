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

    # What one might do with a model that does not exist yet, for a company with 10,000 users.
    plan = kg.Proposal(bases=("llama-2-7b",), data=("alpaca-52k",), license="apache-2.0")
    print(kg.what_if(snapshot, plan, profile=kg.Profile(mau=10_000, name="Our-7B")).sentence)

    # Licenses that say less than their ancestry: what the tag of Alpaca leaves out.
    for row in kg.audit(snapshot, kg.AuditRequest(ids=("alpaca-7b",))).rows:
        print(row.id, row.gap, [(one.license, one.clause) for one in row.missing])

    # SPARQL, run in a process that can be stopped.
    found = kg.query(snapshot, "SELECT ?m { ?m kg:inFamily <family/koalpaca> } ORDER BY ?m")
    print([row["m"] for row in found.rows])

    # A name that is not known says what was meant.
    try:
        kg.show(snapshot, "model/alpaca-7")
    except kg.UnknownId as error:
        print(error.near)

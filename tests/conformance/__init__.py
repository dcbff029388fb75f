"""The W3C's SPARQL 1.1 tests against our HTTP endpoint.

The suite stands outside the repository: in the folder that W3C_RDF_TESTS names, or ../shared/w3c.
deviations.yaml names every test that does not pass, and why; one that passes must leave the table.
"""

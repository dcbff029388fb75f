"""Query evaluation and syntax through /sparql, where a server elsewhere answers: what differs is named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conformance.elsewhere import EndpointElsewhere, endpoint_of, why_not
from tests.conformance.manifests import ELSEWHERE, TESTS_OLD, Case, needs_suite
from tests.conformance.test_w3c_query import CASES
from tests.sparql.elsewhere.servers import SERVERS

pytestmark = [needs_suite, pytest.mark.slow]


@pytest.fixture(scope="module", params=SERVERS)
def endpoint(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, EndpointElsewhere]]:
    folder = tmp_path_factory.mktemp("w3c")
    with endpoint_of(request.param, folder) as opened:
        yield request.param, opened


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_w3c_elsewhere(endpoint: tuple[str, EndpointElsewhere], case: Case) -> None:
    name, opened = endpoint
    known = ELSEWHERE[name].get(case.name, "")
    assert bool(why_not(opened, case)) == bool(known), "python -m tests.conformance.elsewhere"


def test_the_table_names_tests_that_exist() -> None:
    names = {case.name for case in CASES}
    assert ELSEWHERE.keys() == SERVERS.keys() and len(CASES) == TESTS_OLD
    assert all(found.keys() <= names for found in ELSEWHERE.values())

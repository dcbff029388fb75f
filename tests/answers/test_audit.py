"""Declared against inherited: what is listed, what never is, and that array, answer, RDF and tables agree."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from kg.answers.gaps.answer import AuditAnswer, AuditRequest, LicenseGapAnswer
from kg.answers.gaps.audit import audit
from kg.answers.license import license_answer
from kg.errors import InputError, UnknownId
from kg.export.audit import audit_table
from kg.export.export import narrowed
from kg.export.mappings import OURS
from kg.export.table_files import write_csv
from kg.licenses.verdicts import CONSISTENCIES, GAPS
from kg.snapshot.snapshot import Snapshot
from kg.sparql.examples import examples
from kg.sparql.pool import Pool

ALL = AuditRequest(gaps=GAPS)
R1, R1_LLAMA = "model/deepseek-r1", "model/deepseek-r1-distill-llama-70b"


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    opened = Pool()
    yield opened
    opened.close()


def ids(answer: AuditAnswer) -> set[str]:
    return {row.id for row in answer.rows}


def row_of(answer: AuditAnswer, id: str) -> LicenseGapAnswer:
    return next(row for row in answer.rows if row.id == id)


def test_a_row_says_tag_clauses_and_path(snapshot: Snapshot) -> None:
    row = row_of(audit(snapshot), R1_LLAMA)
    assert [one.id for one in row.stated] == ["license/mit"] and not row.assumed
    assert [one.id for one in row.governs] == ["license/llama-3.3-license"]
    assert {"mau-cap", "aup", "name-prefix"} <= {one.clause for one in row.missing}
    (path,) = {tuple(one.path) for one in row.missing}
    assert path == (R1_LLAMA, "model/llama-3.3-70b-instruct")
    assert all(one.citation.section and one.edges == ["fineTunedFrom"] for one in row.missing)


def test_what_its_licensor_licensed_anew_is_not_listed(snapshot: Snapshot) -> None:
    assert not ids(audit(snapshot, ALL)) & {
        R1,
        "model/deepseek-v3.1",
        "model/llama-3.3-70b-instruct",
    }
    assert license_answer(snapshot, R1).consistency == "consistent"


def test_only_the_licensor_can_license_anew(corners: Snapshot) -> None:
    found = ids(audit(corners))
    assert {"model/case-other-mit", "model/case-below-silent"} <= found
    assert not {"model/case-new-mit", "model/case-copy-of-new"} & found


def test_guesses_and_disputes_accuse_nobody(corners: Snapshot) -> None:
    sure, assumed = audit(corners), audit(corners, AuditRequest(assumed=True))
    guessed = "model/case-guessed-exaone"
    assert guessed not in ids(sure) and row_of(assumed, guessed).assumed
    assert ids(sure) == {row.id for row in assumed.rows if not row.assumed}
    for row in sure.rows:
        assert not any(one.assumed for one in row.missing), row.id


def test_array_and_answers_agree(corners: Snapshot) -> None:
    for number, (code, _) in enumerate(corners.consistencies.tolist()):
        if code:
            answer = license_answer(corners, corners.id_at(number))
            assert answer.consistency == CONSISTENCIES[code - 1], answer.id
    for row in audit(corners, ALL).rows:
        answer = license_answer(corners, row.id)
        assert answer.consistency == row.gap
        assert set(answer.dropped) == {f"{one.license}#{one.clause}" for one in row.missing}


def test_rdf_and_tables_list_the_same(snapshot: Snapshot, pool: Pool) -> None:
    found = audit(snapshot)
    query = next(one for one in examples() if one.name == "license-gaps")
    rows = pool.query(snapshot.dataset, query.query, "csv", "ntriples").body.decode().splitlines()
    base = snapshot.manifest.base
    assert {row.split(",")[0].removeprefix(base) for row in rows[1:]} == ids(found)
    assert len(rows) - 1 == sum(len(row.missing) or 1 for row in found.rows)
    exported = narrowed(snapshot, sorted(ids(found)), OURS).tables.table("gaps").rows
    assert {row[0] for row in exported} == ids(found)
    out = io.BytesIO()
    write_csv(audit_table(found), out)
    assert len(out.getvalue().splitlines()) == len(rows)


@pytest.mark.parametrize(
    ("wanted", "inside", "outside"),
    [
        (AuditRequest(family="llama-3.3"), R1_LLAMA, "model/koalpaca-llama"),
        (AuditRequest(maker="deepseek"), R1_LLAMA, "model/koalpaca-llama"),
        (AuditRequest(license="llama-3.3-license"), R1_LLAMA, "model/koalpaca-llama"),
        (AuditRequest(license="apache-2.0"), "model/koalpaca-llama", R1_LLAMA),
        (AuditRequest(ids=("koalpaca-llama",)), "model/koalpaca-llama", R1_LLAMA),
        (AuditRequest(gaps=("drops-paperwork",)), "model/dolly-2", R1_LLAMA),
    ],
)
def test_filters(snapshot: Snapshot, wanted: AuditRequest, inside: str, outside: str) -> None:
    found = ids(audit(snapshot, wanted))
    assert inside in found and outside not in found


def test_some_at_a_time(snapshot: Snapshot) -> None:
    whole = audit(snapshot, ALL)
    parts = [audit(snapshot, ALL, first=n, most=5) for n in range(0, whole.total, 5)]
    assert [row.id for part in parts for row in part.rows] == [row.id for row in whole.rows]
    assert {part.total for part in parts} == {whole.total} == {sum(whole.counts.values())}


@pytest.mark.parametrize("wanted", [AuditRequest(family="no-such"), AuditRequest(ids=("no-such",))])
def test_what_is_unknown(snapshot: Snapshot, wanted: AuditRequest) -> None:
    with pytest.raises(UnknownId):
        audit(snapshot, wanted)


def test_what_makes_no_sense(snapshot: Snapshot) -> None:
    with pytest.raises(InputError, match="is none of"):
        audit(snapshot, AuditRequest(family="org/meta"))

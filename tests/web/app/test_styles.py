"""Files have tags and dates that every node gives alike, whenever they were written there."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.utils import parsedate_to_datetime

import pytest
from flask.testing import FlaskClient

from kg.snapshot.snapshot import Snapshot
from web.paths import STATIC

SCRIPT = "app/theme.js"


def test_the_tag_of_a_static_file_follows_from_its_bytes(client: FlaskClient) -> None:
    with client.get(f"/static/{SCRIPT}") as answer:
        told = dict(answer.headers)
    sum = hashlib.sha256((STATIC / SCRIPT).read_bytes()).hexdigest()[:20]
    assert told["ETag"] == f'"{sum}"' and "Last-Modified" not in told
    with client.get(f"/static/{SCRIPT}", headers={"If-None-Match": told["ETag"]}) as again:
        assert again.status_code == 304 and not again.data


@pytest.mark.parametrize(
    "path", ["no-such.js", "app", "../paths.py", "%2e%2e/paths.py", "app/../../paths.py"]
)
def test_what_is_no_static_file_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/{path}").status_code == 404


@pytest.mark.parametrize("accept", ["*/*", "application/n-quads"])
@pytest.mark.parametrize("name", ["graph.nq", "redirects.json", "exports/gyebo.trig.gz"])
def test_a_download_has_the_date_of_its_release(
    client: FlaskClient, snapshot: Snapshot, name: str, accept: str
) -> None:
    headers = {"Accept": accept, "Accept-Encoding": "gzip"}
    with client.get(f"/data/{name}", headers=headers) as answer:
        assert answer.status_code == 200
        told = parsedate_to_datetime(answer.headers["Last-Modified"])
        assert told == datetime.fromisoformat(snapshot.history.summary.built)

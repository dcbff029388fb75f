"""The N-Quads of a release: kept once and compressed, and read from there by store, exports, downloads and version."""

import gzip
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import SnapshotDamaged
from kg.export.export import export
from kg.export.release_files import file_of
from kg.model.media import RDF_FORMATS
from kg.snapshot.graph_file import GraphWriter, open_graph
from kg.snapshot.layout import GRAPH, HELD
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner, serving


def test_lines_are_read_as_written(tmp_path: Path) -> None:
    parts = [[f'<a:{n}> <b> "글 {m}" .\n' for m in range(n % 5)] for n in range(2000)]
    (tmp_path / "release").mkdir()
    with GraphWriter(tmp_path / "release") as writer:
        for part in parts:
            writer.add(part)
    whole = "".join(line for part in parts for line in part).encode()
    with open_graph(tmp_path) as lines:
        assert lines.read() == whole
    assert (writer.content.bytes, writer.content.sha256) == (len(whole), sha256(whole).hexdigest())
    assert gzip.decompress((tmp_path / "release" / GRAPH).read_bytes()) == whole


def test_it_stands_once_and_the_version_is_that_of_what_it_holds(snapshot: Snapshot) -> None:
    release = snapshot.folder / "release"
    assert file_of(RDF_FORMATS["nquads"]) == GRAPH
    assert not [name for name in HELD if (release / name).exists()]
    with open_graph(snapshot.folder) as lines:
        whole = lines.read()
    assert snapshot.manifest.version == sha256(whole).hexdigest()[:12]
    assert snapshot.manifest.files["graph.nq"].bytes == len(whole)


def test_the_store_holds_what_the_release_says(snapshot: Snapshot) -> None:
    with open_graph(snapshot.folder) as lines:
        said = sum(1 for _ in ox.parse(lines, ox.RdfFormat.N_QUADS))
    assert len(ox.Store.read_only(str(snapshot.folder / "store"))) == said


@pytest.mark.parametrize("name", sorted(HELD))
def test_what_is_held_compressed_is_handed_out_whole(corner: Corner, name: str) -> None:
    snapshot = corner.build()
    known = snapshot.manifest.files[name]
    with serving(corner.config) as app:
        client = app.test_client()
        with client.get(f"/data/{name}") as plain:
            assert sha256(plain.data).hexdigest() == known.sha256
            assert (plain.content_length, plain.headers["Content-Disposition"]) == (
                known.bytes,
                f"attachment; filename={name}",
            )
        with client.get(f"/data/{name}", headers={"Accept-Encoding": "gzip"}) as coded:
            assert coded.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(coded.data) == plain.data
        assert coded.headers["ETag"] != plain.headers["ETag"]
        for answer, encoding in ((plain, "identity"), (coded, "gzip")):
            headers = {"If-None-Match": answer.headers["ETag"], "Accept-Encoding": encoding}
            with client.get(f"/data/{name}", headers=headers) as again:
                assert again.status_code == 304
        assert client.head(f"/data/{name}").content_length == known.bytes


def test_a_damaged_graph_is_not_exported(corner: Corner, tmp_path: Path) -> None:
    snapshot = corner.build()
    path = snapshot.folder / "release" / GRAPH
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)
    for format in ("nquads", "turtle"):
        with pytest.raises(SnapshotDamaged):
            export(snapshot, format, tmp_path / "out")
        assert not (tmp_path / "out").exists()

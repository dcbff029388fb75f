"""What a release says, as it is when it is unpacked."""

from pathlib import Path

from kg.snapshot.graph_file import open_graph
from kg.snapshot.records import Records


def released(folder: Path, name: str) -> str:
    """A text of the release of a snapshot, by the name under which it is handed out."""
    if name == "entities.jsonl":
        return b"".join(Records(folder)).decode()
    if name == "graph.nq":
        with open_graph(folder) as lines:
            return lines.read().decode()
    return (folder / "release" / name).read_text(encoding="utf-8")

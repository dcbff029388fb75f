"""Where a run came from, and whose word that makes it.

What the program fetched from the home of a source, or asked the source itself, is that source's word. A file, a folder or
another address is the word of whoever made it: anybody can write a file in the form of a source. So such a run is handed
in, unless the user vouches for it; kg/claims/resolve.py says what that means.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from kg.claims.runs import Run, RunOrigin
from kg.errors import InputError
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.registry import load_source
from kg.paths import DATA


def home_of(source: SourceRecord, data: Path = DATA) -> str:
    """The address that a source is fetched from when no path is given; "" if there is none."""
    if not source.query:
        return source.fetch
    query = (data / "ingest" / source.query).read_text("utf-8")
    return f"{source.fetch}?{urlencode({'format': 'json', 'query': query})}"


def origin_of(run: Run, source: SourceRecord | None) -> RunOrigin:
    """Where a run came from; of an older version of the program, by the words in which it says so."""
    if run.origin:
        return run.origin
    if source and run.where == source.homepage:
        return RunOrigin()
    if "://" in run.where:
        return RunOrigin(address=run.where)
    if source and source.live and not Path(run.where).exists():
        return RunOrigin(ids=tuple(run.where.split()))
    return RunOrigin(path=run.where, dated=run.retrieved)


def is_handed_in(run: Run, data: Path = DATA) -> bool:
    """Whether a run is the word of whoever made its file, not of the source whose form it has.

    Args:
        run: a stored run.
        data: the data folder.
    """
    try:
        source = load_source(run.source.split("/")[1]).SOURCE
    except InputError:
        return True  # a source that this program does not know
    origin = origin_of(run, source)
    if origin.vouched:
        return False
    if run.origin is None and origin.ids:
        return True  # of an older version, which told files and ids alike; `gyebo update` reads it again
    return bool(origin.path or (origin.address and origin.address != home_of(source, data)))

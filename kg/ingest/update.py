"""Sources read again: what there is to read, and one of them read, whole or not at all.

What was ingested is read again from where it came: the source itself, an address, a path. So are the
sources that nobody has ingested yet, if they name an address and a license. What cannot be read keeps the
run it had, and does not stop the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from kg.claims.runs import Run, RunOrigin, read_runs
from kg.errors import InputError, KGError
from kg.files.download import kept_file, without_secrets
from kg.ingest.catalog.catalog_files import catalog_files
from kg.ingest.ingest import IngestRequest, Watch, ingest, silent
from kg.ingest.kit.source_record import SourceRecord, SourceRequest
from kg.ingest.origin import home_of, origin_of
from kg.ingest.registry import find_sources
from kg.messages.message import Message, reason_of
from kg.paths import DATA
from kg.snapshot.layout import Layout

State = Literal["waiting", "left-out", "read", "unchanged", "failed"]


class UpdateTask(msgspec.Struct, frozen=True, kw_only=True):
    """One run that may be made again, and what came of it."""

    run: str
    source: str  # id, as `gyebo ingest` takes it
    where: str  # what is read, without secrets
    origin: RunOrigin
    last: str = ""  # ISO date it was last read; "" = never
    # ISO date of what comes with the program as long as there is no run; "" = nothing
    shipped: str = ""
    license: str = ""  # id of the license its data is under; "" = it names none
    size: int = 0  # bytes of what was fetched last; 0 = not known
    state: State = "waiting"
    why: Message | None = None  # it is left out, or it failed
    counts: dict[str, int] = {}  # of the run, as it is now


def plan_update(home: Path, names: Sequence[str] = (), data: Path = DATA) -> list[UpdateTask]:
    """What an update reads, by the name of the run; what it leaves out says why.

    Args:
        home: holds raw/ and runs/.
        names: of sources or runs; none = all.
        data: the data folder.

    Raises:
        InputError: a name is of neither, or of a source that only a path can be given to.
    """
    tasks = {task.run: task for task in _tasks(home, data, frozenset(names))}
    if not names:
        return [task for _, task in sorted(tasks.items())]
    chosen = {n: [t for t in tasks.values() if n in (t.run, t.source)] for n in names}
    known = find_sources()
    for name, found in chosen.items():
        if not found and name in known:
            raise InputError(
                Message("%(name)s needs a path: gyebo ingest %(name)s PATH", name=name)
            )
        if not found:
            raise InputError(
                Message(
                    "there is no source and no run %(name)r; known: %(known)s",
                    name=name,
                    known=sorted({*known, *tasks}),
                )
            )
    wanted = {task.run for found in chosen.values() for task in found}
    return [tasks[run] for run in sorted(wanted)]


def _tasks(home: Path, data: Path, named: frozenset[str]) -> Iterator[UpdateTask]:
    """A task for each run there is, and for each source that can be fetched and has none."""
    known = {id: module.SOURCE for id, module in find_sources().items()}
    runs = read_runs(Layout(home).runs)
    for run in runs:
        id = run.source.split("/")[1]
        yield _of_run(run, id, known.get(id), home, data)
    shipped = {file.name: file.head.retrieved for file in catalog_files(data)}
    there = {run.name for run in runs} | {run.source.split("/")[1] for run in runs if _live(run)}
    for id, source in known.items():
        if id not in there and (home_of(source, data) or (source.live and id in named)):
            unlicensed = Message(
                "it names no license, so it is fetched only by name: gyebo update %(name)s", name=id
            )
            left = unlicensed if not source.license and id not in named else None
            task = UpdateTask(
                run=id,
                source=id,
                where=source.homepage,
                origin=RunOrigin(),
                shipped=shipped.get(id, ""),
                license=source.license,
            )
            yield _left_out(task, left)


def _live(run: Run) -> bool:
    origin = run.origin or RunOrigin()
    return not (origin.path or origin.address)


def _left_out(task: UpdateTask, why: Message | None) -> UpdateTask:
    return msgspec.structs.replace(task, state="left-out", why=why) if why else task


def _of_run(run: Run, id: str, source: SourceRecord | None, home: Path, data: Path) -> UpdateTask:
    origin = origin_of(run, source)
    address = origin.address or (home_of(source, data) if source and not origin.path else "")
    kept = kept_file(address, home / "raw" / id) if address else None
    task = UpdateTask(
        run=run.name,
        source=id,
        where=run.where,
        origin=origin,
        last=run.checked or run.retrieved,
        license=source.license if source else "",
        size=kept.stat().st_size if kept and kept.exists() else 0,
        counts=run.counts,
    )
    return _left_out(task, _hindrance(id, source, origin))


def _hindrance(id: str, source: SourceRecord | None, origin: RunOrigin) -> Message | None:
    """Why a run cannot be made again."""
    if source is None:
        return Message("this program has no source %(name)s", name=id)
    if origin.path and not Path(origin.path).exists():
        return Message("there is no file or folder %(path)s", path=origin.path)
    if origin.cut:
        return Message(
            "its address had a user, a password or a query, which are not kept: ingest it again with them"
        )
    return None


def read_again(
    home: Path,
    task: UpdateTask,
    data: Path = DATA,
    watch: Watch = silent,
    *,
    processes: int = 1,
) -> UpdateTask:
    """Do one task; what goes wrong is told in it, and the run before stays.

    Args:
        home: holds raw/ and runs/.
        task: of `plan_update`; one that is left out stays as it is.
        data: the data folder.
        watch: as of kg.ingest.ingest.ingest, as is the next.
        processes: how many may read.
    """
    if task.state != "waiting":
        return task
    origin = task.origin
    asked = IngestRequest(
        task.source,
        origin.path or origin.address,
        task.run,
        origin.dated,
        SourceRequest(origin.ids, origin.author, origin.limit),
    )
    try:
        run = ingest(
            home, asked, data, watch, renew=True, vouched=origin.vouched, processes=processes
        )
    except (KGError, OSError) as error:
        return msgspec.structs.replace(task, state="failed", why=reason_of(error))
    except Exception as error:  # a source in a new form may trip its module; the others are read
        told = re.sub(r"\S+://\S+", lambda match: without_secrets(match[0]), str(error))
        what = Message("%(kind)s: %(error)s", kind=type(error).__name__, error=told)
        return msgspec.structs.replace(task, state="failed", why=what)
    state: State = "unchanged" if run.checked else "read"
    last = run.checked or run.retrieved
    return msgspec.structs.replace(task, state=state, last=last, counts=run.counts)


def failed(tasks: Iterable[UpdateTask]) -> list[UpdateTask]:
    """Those that failed."""
    return [task for task in tasks if task.state == "failed"]

"""Which thread works on a request: each sort of requests has threads of its own, so that none waits for another.

Queries wait for query processes, downloads may have to wait for their client, pages take a processor, and
a probe must be answered whatever the others do.
"""

from __future__ import annotations

from collections.abc import Mapping

from waitress.channel import HTTPChannel
from waitress.task import ThreadedTaskDispatcher

_PAGES, _FILES = 4, 2  # threads
PROBES = ("/-/ready", "/-/health", "/-/metrics")


class Lanes:
    """The threads of a process.

    Args:
        queries: threads for queries: as many as may run or wait, and one that refuses.
    """

    def __init__(self, queries: int) -> None:
        self._lanes: Mapping[str, ThreadedTaskDispatcher] = {
            name: _threads(count)
            for name, count in (
                ("probes", 1),
                ("queries", queries),
                ("files", _FILES),
                ("pages", _PAGES),
            )
        }

    def add_task(self, connection: HTTPChannel) -> None:
        """Let a thread answer the first request of a connection."""
        request = connection.requests[0]
        name = "probes" if request.error else lane_of(request.path)
        self._lanes[name].add_task(connection)

    def shutdown(self) -> None:
        """Stop the threads that do nothing; the others end with the process."""
        for lane in self._lanes.values():
            lane.shutdown(timeout=0.5)


def _threads(count: int) -> ThreadedTaskDispatcher:
    made = ThreadedTaskDispatcher()
    made.queue_logger.disabled = True  # that requests wait is no news
    made.set_thread_count(count)
    return made


def lane_of(path: str) -> str:
    """The sort of a request, by its path; the prefix of the site may stand before it.

    >>> lane_of("/-/ready"), lane_of("/gyebo/sparql"), lane_of("/data/graph.nq"), lane_of("/model/a")
    ('probes', 'queries', 'files', 'pages')
    """
    if path.endswith(PROBES):
        return "probes"
    if path.endswith("/sparql"):
        return "queries"
    if "/data/" in path or "/static/" in path:
        return "files"
    return "pages"

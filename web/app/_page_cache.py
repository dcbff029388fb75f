"""Pages made a moment ago, kept in memory so that they need not be made again.

A page follows from the program, the snapshot, its address and who asks. That is what its ETag says
(web/app/caching.py), so a page that has one is given again to whoever asks for the same; those that do
not follow from it, such as answers of queries, have none. Bodies are kept in gzip, in which most people
get them; so there is room for six times as many.
"""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from typing import NamedTuple

from flask import Response

_MOST_OF_ALL = 8  # a page may take one part in so many


class Kept(NamedTuple):
    """A page, or a file."""

    body: bytes  # in gzip
    headers: tuple[tuple[str, str], ...]  # but for its encoding and length

    @property
    def size(self) -> int:
        """Bytes it takes, roughly."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers)

    def response(self, zipped: bool) -> Response:
        """The answer anew, compressed or not."""
        if not zipped:
            return Response(gzip.decompress(self.body), headers=list(self.headers))
        response = Response(self.body, headers=list(self.headers))
        response.content_encoding = "gzip"
        return response


class PageCache:
    """The pages asked for last; safe to use from several threads.

    Args:
        most: bytes of all pages together; 0 keeps none.

    >>> cache = PageCache(200)
    >>> for key in "abcdefghij": cache.put(key, Kept(gzip.compress(b".."), ()))
    >>> cache.get("a"), len(cache), cache.get("j").response(zipped=False).data
    (None, 9, b'..')
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._pages: OrderedDict[str, Kept] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: str) -> Kept | None:
        """A page, if it is kept."""
        with self._lock:
            found = self._pages.get(key)
            if found:
                self._pages.move_to_end(key)
            return found

    def put(self, key: str, page: Kept) -> None:
        """Keep a page, and forget those that were asked for longest ago."""
        if page.size * _MOST_OF_ALL > self._most:
            return
        with self._lock:
            older = self._pages.pop(key, None)
            self._pages[key] = page
            self._size += page.size - (older.size if older else 0)
            while self._size > self._most:
                _, gone = self._pages.popitem(last=False)
                self._size -= gone.size

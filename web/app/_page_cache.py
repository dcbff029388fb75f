"""Answers made a moment ago, kept in memory so that they need not be made again.

An answer follows from the program, the snapshot, its address and who asks. That is what its ETag says
(web/app/caching.py), so one that has such a tag is given again to whoever asks for the same
(web/app/kept.py); those that do not follow from it have none. Text is kept in gzip, in which most people
get it; so there is room for six times as much. What this process has not made, another node may have
(web/shared/values.py): it is taken from there, and kept here from then on.
"""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from itertools import chain
from typing import NamedTuple

import msgspec

from web.shared.values import SharedValues

_MOST_OF_ALL = 8  # an answer may take one part in so many


class Kept(NamedTuple):
    """An answer, or a file."""

    body: bytes
    headers: tuple[tuple[str, str], ...]  # but for its encoding and length
    zipped: bool = True  # whether the body is in gzip
    language: str = ""  # that it lets a browser remember
    endpoint: str = ""  # as it is counted

    @property
    def size(self) -> int:
        """Bytes it takes, roughly."""
        return len(self.body) + sum(map(len, chain.from_iterable(self.headers)))

    def body_for(self, zips: bool) -> tuple[bytes, bool]:
        """The body, and whether it is in gzip.

        Args:
            zips: whether the other side takes gzip.
        """
        if self.zipped and not zips:
            return gzip.decompress(self.body), False
        return self.body, self.zipped


class Origin(NamedTuple):
    """What an answer follows from beside the program, named alike on every node."""

    release: str  # all of its bytes
    digest: bytes  # of the question


class PageCache:
    """The answers asked for last; safe to use from several threads.

    Args:
        most: bytes of all answers together; 0 keeps none.
        what: the kind of answers, as other nodes call it.
        values: answers of other nodes.

    >>> cache = PageCache(200)
    >>> [cache.put(key, Kept(gzip.compress(b".."), ())) for key in "abcdefghij"].count(True)
    10
    >>> cache.get("a"), len(cache), cache.get("j").body_for(zips=False)
    (None, 9, (b'..', False))
    """

    def __init__(self, most: int, what: str = "page", values: SharedValues | None = None) -> None:
        self._most, self._what = most, what
        self._values = values if most else None
        self._lock = threading.Lock()
        self._pages: OrderedDict[Hashable, Kept] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: Hashable) -> Kept | None:
        """An answer, if it is kept."""
        with self._lock:
            found = self._pages.get(key)
            if found:
                self._pages.move_to_end(key)
            return found

    def find(self, key: Hashable, origin: Callable[[], Origin]) -> Kept | None:
        """An answer, if it is kept here or another node has made it.

        Args:
            key: of the answer in this process.
            origin: says what it follows from; asked only where other nodes are.
        """
        found = self.get(key)
        if found or not self._values:
            return found
        packed = self._values.get(self._what, *origin())
        if packed is None:
            return None
        page = msgspec.msgpack.decode(packed, type=Kept)  # a node of this program signed it
        self.put(key, page)
        return page

    def give(self, key: Hashable, page: Kept, origin: Callable[[], Origin]) -> None:
        """Keep an answer, and let other nodes have it.

        Args:
            key: of the answer in this process.
            page: the answer.
            origin: says what it follows from; asked only where other nodes are.
        """
        if self.put(key, page) and self._values:
            self._values.put(self._what, *origin(), msgspec.msgpack.encode(page))

    def put(self, key: Hashable, page: Kept) -> bool:
        """Keep an answer, and forget those that were asked for longest ago; whether there was room for it."""
        if page.size * _MOST_OF_ALL > self._most:
            return False
        with self._lock:
            older = self._pages.pop(key, None)
            self._pages[key] = page
            self._size += page.size - (older.size if older else 0)
            while self._size > self._most:
                _, gone = self._pages.popitem(last=False)
                self._size -= gone.size
        return True

"""How the bytes of an answer are written: the charset of text, a byte order mark where one is wanted, gzip.

Compressed is what is text, for whoever takes gzip. A tag of such an answer is weak, as RFC 9110 wants of
one tag for two encodings: it still answers 304, and no range is ever put together from both. Pages
hold no secrets, neither a token nor anything of who asks, so that nothing can be guessed from how
well they compress (BREACH).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

from flask import Flask, Response, request
from werkzeug.http import parse_list_header, parse_options_header
from zlib_ng import zlib_ng

from kg.model.media import CSV, with_charset
from web.app._page_cache import Kept
from web.app.context import site

MARK = "\ufeff".encode()
# By zlib-ng, a page is as long as by zlib at this level, and made in six tenths of the time (decision 60)
_LEVEL, _QUICK = 5, 1
_GZIP = 31  # what zlib calls the format of gzip with the largest window
WORTH = 1_000  # bytes of a body that is worth compressing
JOINED = 1 << 16  # bytes of a body that the server sends together with its head
_HELD = 1 << 20  # bytes of a file that are compressed at once, and kept so
_TEXT = (
    *("json", "xml", "javascript", "ecmascript", "n-triples", "n-quads", "trig"),
    *("yaml", "x-ndjson", "jsonl", "x-bibtex"),
)
_BODILESS = (204, 206, 304)


def register(app: Flask) -> None:
    """Let an application send text in the encoding that is accepted."""
    app.after_request(_compress)
    app.after_request(_mark)  # the last comes first
    app.after_request(_say_charset)


def accepts_gzip() -> bool:
    """Whether this request takes gzip, and does not rather take what is not compressed."""
    return takes_gzip(request.headers.get("Accept-Encoding", ""))


@lru_cache(512)
def takes_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header takes gzip, and does not rather take what is not compressed.

    >>> takes_gzip("br, gzip;q=0.5"), takes_gzip("identity, gzip;q=0.5"), takes_gzip("")
    (True, False, False)
    """
    weights: dict[str, float] = {}
    for item in parse_list_header(header):
        name, options = parse_options_header(item)
        try:
            weights[name.strip().lower()] = float(options.get("q", "1"))
        except ValueError:
            continue
    taken = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return taken > 0 and taken >= weights.get("identity", 0.0)


def wants_mark() -> bool:
    """Whether a table is wanted with a byte order mark, by which Excel knows UTF-8."""
    return request.args.get("bom", "") not in ("", "0", "no", "false")


def is_text(media_type: str) -> bool:
    """Whether a media type is worth compressing.

    >>> is_text("application/ld+json"), is_text("image/svg+xml"), is_text("image/png")
    (True, True, False)
    """
    main, _, sub = media_type.partition("/")
    return main == "text" or sub.rpartition("+")[2] in _TEXT


def pack(body: bytes) -> bytes:
    """A body in gzip, the same bytes each time."""
    return zlib_ng.compress(body, _LEVEL, wbits=_GZIP)


def _say_charset(response: Response) -> Response:
    given = response.headers.get("Content-Type", "")
    if given and "charset" not in given.lower():
        response.headers["Content-Type"] = with_charset(given)
    return response


def _mark(response: Response) -> Response:
    """Put a byte order mark before a table."""
    if response.mimetype != CSV.media_type or response.status_code != 200 or not wants_mark():
        return response
    if response.is_sequence:
        response.set_data(MARK + response.get_data())
        return response
    length = response.content_length
    response.response = _chained(MARK, response.response)
    if length is not None:
        response.content_length = length + len(MARK)
    return response


def _chained(first: bytes, rest: Iterable[bytes | str]) -> Iterator[bytes]:
    yield first
    for part in rest:
        yield part if isinstance(part, bytes) else part.encode()


def _compress(response: Response) -> Response:
    """Send text in gzip to whoever takes it."""
    if response.status_code == 304:
        response.vary.add("Accept-Encoding")
    if response.status_code in _BODILESS or not is_text(response.mimetype or ""):
        return response
    response.vary.add("Accept-Encoding")
    if "Content-Encoding" in response.headers or not accepts_gzip():
        return response
    length = response.content_length
    if length is not None and length < WORTH:
        return response
    if response.direct_passthrough and not (length and length <= _HELD):
        _compress_stream(response)
    elif not _compress_body(response):
        return response
    response.content_encoding = "gzip"
    response.headers.pop("Accept-Ranges", None)
    tag, weak = response.get_etag()
    if tag and not weak:
        response.set_etag(tag, weak=True)
    return response


def _compress_body(response: Response) -> bool:
    """Compress a body that is in memory, or a file that can be; a file is compressed once."""
    tag, _ = response.get_etag()
    key = f"gzip {request.path} {tag}" if response.direct_passthrough and tag else ""
    kept = site().pages.get(key) if key else None
    if kept:
        response.response.close()  # type: ignore[union-attr]
        body = kept.body
    else:
        response.direct_passthrough = False
        plain = response.get_data()
        if len(plain) < WORTH:
            return False
        body = pack(plain)
        if key:
            site().pages.put(key, Kept(body, ()))
    response.direct_passthrough = False
    response.set_data(body)
    return True


def _compress_stream(response: Response) -> None:
    """Compress a long file piece by piece; how long it becomes is not known before."""
    source = response.response
    response.direct_passthrough = False
    response.headers.pop("Content-Length", None)
    response.response = _zipped(source)  # type: ignore[arg-type]
    if hasattr(source, "close"):
        response.call_on_close(source.close)


def _zipped(source: Iterable[bytes]) -> Iterator[bytes]:
    gzip = zlib.compressobj(_QUICK, wbits=31)
    for piece in source:
        if part := gzip.compress(piece):
            yield part
    yield gzip.flush()

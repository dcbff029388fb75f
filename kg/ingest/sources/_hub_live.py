"""The Hub asked itself: pages of its list of models, or models by name, saved as they come.

    raw/hub/<part>/00001.jsonl.gz   a page: a model a line, and at the end {"next": address or null}

A listing that broke off goes on from the last page that stands; one that is complete starts anew.
huggingface_hub's own request layer waits as long as the Hub's rate limit asks, tries again, and finds
the token; `HfApi.list_models` is not used because it hides the address of the next page.
"""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from kg.errors import DownloadFailed, InputError
from kg.ingest.kit.kit import Place, unreadable
from kg.ingest.kit.parents import is_hub_id
from kg.ingest.kit.pieces import SourcePiece
from kg.ingest.sources._hub_pieces import HUB, cut_files
from kg.ingest.sources._hub_records import ASKED, FIELDS, pruned
from kg.messages.message import Message, reason_of

_ENDPOINT = "https://huggingface.co"
_PAGE = 500  # models; an answer with cards is some 2 MB
_EXPAND = [field for field in FIELDS if field not in ("id", "_id")]
# The documentation does not name it among what a list can be asked for; tags say the same.
_DOUBTFUL = "&expand=baseModels"


class _Page(NamedTuple):
    data: Any
    next: str | None


def pages(place: Place, hub: Any) -> Iterator[SourcePiece]:
    """The models that are wanted, as the Hub tells them.

    Args:
        place: what is wanted; its path is where pages are saved.
        hub: the module huggingface_hub.utils.

    Raises:
        DownloadFailed: the Hub refused, or did not answer after several tries.
    """
    asking = _Asking(hub)
    if place.wanted.ids:
        yield from _named(place, asking)
        return
    folder = place.path / (place.wanted.name or "all")
    _list(place, asking, folder)
    yield from cut_files(Place(folder))


def _list(place: Place, asking: _Asking, folder: Path) -> None:
    """Save the pages that are not there yet."""
    address, number, count = _resumed(folder)
    if not number:
        address = asking.first(place)
    while address and (count < place.wanted.limit or not place.wanted.limit):
        page = asking.page(address)
        models = [one for one in page.data if isinstance(one, dict)]
        if place.wanted.limit:
            models = models[: place.wanted.limit - count]
        number, count = number + 1, count + len(models)
        done = place.wanted.limit and count >= place.wanted.limit
        address = None if done else page.next
        place.progress(_save(folder / f"{number:05d}.jsonl.gz", models, address))


def _resumed(folder: Path) -> tuple[str | None, int, int]:
    """Where a listing goes on: the next address, how many pages and models stand."""
    found = sorted(folder.glob("*.jsonl.gz"))
    lines = gzip.decompress(found[-1].read_bytes()).splitlines() if found else []
    address = msgspec.json.decode(lines[-1])["next"] if lines else None
    if address:
        return address, len(found), sum(_models(path) for path in found)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return None, 0, 0


def _models(path: Path) -> int:
    with gzip.open(path) as lines:
        return sum(1 for _ in lines) - 1


def _save(path: Path, models: list[dict[str, Any]], next: str | None) -> int:
    lines = [pruned(model) for model in models if model.get("private") is not True]
    data = gzip.compress(b"".join(lines) + msgspec.json.encode({"next": next}) + b"\n", 6, mtime=0)
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.replace(path)
    return len(data)


def _named(place: Place, asking: _Asking) -> Iterator[SourcePiece]:
    for id in place.wanted.ids:
        if not is_hub_id(id):
            raise InputError(
                Message("%(id)r is neither a file or folder nor an id of the Hub", id=id)
            )
        data = asking.model(id)
        if isinstance(data, dict):
            known = {**msgspec.json.decode(pruned(data)), ASKED: id}
            yield SourcePiece(form="one", name=id, data=msgspec.json.encode(known), records=1)
        else:
            lost = unreadable("the Hub has no such model, or does not show it", id, HUB)
            yield SourcePiece(form="", name=id, problem=lost)


class _Asking:
    """Asks the Hub, with the headers that go with it."""

    def __init__(self, hub: Any) -> None:
        self._hub = hub
        self._endpoint = os.environ.get("HF_ENDPOINT", _ENDPOINT).rstrip("/")
        self._headers: Mapping[str, str] = hub.build_hf_headers(
            library_name="gyebo", library_version=version("gyebo")
        )

    def first(self, place: Place) -> str:
        """The address of the first page."""
        size = min(_PAGE, place.wanted.limit or _PAGE)
        query = {"limit": size, "expand": _EXPAND}
        if place.wanted.author:
            query["author"] = place.wanted.author
        return f"{self._endpoint}/api/models?{urlencode(query, doseq=True)}"

    def page(self, address: str) -> _Page:
        """A page of the list."""
        answer = self._ask(address, missing=(400,))
        if answer.status_code == 400:
            answer = self._ask(address.replace(_DOUBTFUL, ""))
        next = answer.links.get("next", {}).get("url")
        if next and urlsplit(next)[:2] != urlsplit(self._endpoint)[:2]:  # it would get the token
            raise DownloadFailed(
                address,
                Message("its next page is on another host: %(host)s", host=urlsplit(next).netloc),
            )
        data = self._decoded(answer, address)
        if not isinstance(data, list):
            raise DownloadFailed(address, Message("the answer is not a list of models"))
        return _Page(data, next)

    def model(self, id: str) -> Any:
        """One model; None if there is none to be seen."""
        query = urlencode({"expand": _EXPAND}, doseq=True)
        address = f"{self._endpoint}/api/models/{quote(id)}?{query}"
        answer = self._ask(address, missing=(401, 403, 404))
        return None if answer.status_code != 200 else self._decoded(answer, address)

    def _ask(self, address: str, missing: Collection[int] = ()) -> Any:
        try:
            answer = self._hub.http_backoff("GET", address, headers=self._headers, timeout=60)
            if answer.status_code not in missing:
                self._hub.hf_raise_for_status(answer)
        except (OSError, self._hub.httpx.HTTPError) as error:
            raise DownloadFailed(address, reason_of(error)) from error
        return answer

    def _decoded(self, answer: Any, address: str) -> Any:
        try:
            return msgspec.json.decode(answer.content)
        except (msgspec.DecodeError, RecursionError) as error:
            raise DownloadFailed(
                address, Message("the answer is not JSON: %(error)s", error=error)
            ) from error

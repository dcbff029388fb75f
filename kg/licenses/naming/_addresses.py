"""Addresses of license texts: one file of one repository, however a page of it is linked."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from kg.language.memo import remembered

_HOSTS = {
    "hf.co": "huggingface.co",
    "hf-mirror.com": "huggingface.co",
    "modelscope.ai": "modelscope.cn",
    "raw.githubusercontent.com": "github.com",
}
_VIEWS = {"blob", "resolve", "raw", "tree", "file"}
_NEWEST = {"main", "master", "head", "refs/heads/main", "refs/heads/master"}
_AREAS = {"spaces", "datasets", "models"}  # of the Hub and of ModelScope: before the owner
_LICENSE_FILE = re.compile(r"licen[sc]e|terms|agreement|copying|notice", re.IGNORECASE)


class TextAddress(NamedTuple):
    """An address, taken apart."""

    place: str  # without what does not tell texts apart: scheme, view, revision, language
    revision: str = ""  # commit, tag or branch; "" = what stands there now
    model: str = ""  # Hub id of the model whose license file it is, in its own spelling


@remembered
def text_address(link: str) -> TextAddress:
    """Take the address of a text apart.

    Args:
        link: as sources write it; anything is taken.

    >>> text_address("https://huggingface.co/moonshotai/Kimi-K2-Instruct/resolve/main/LICENSE?download=true")
    TextAddress(place='huggingface.co/moonshotai/kimi-k2-instruct/license', revision='', model='moonshotai/Kimi-K2-Instruct')
    >>> text_address("https://raw.githubusercontent.com/01-ai/Yi/90fe567/MODEL_LICENSE_AGREEMENT.txt")[:2]
    ('github.com/01-ai/yi/model_license_agreement.txt', '90fe567')
    >>> text_address("http://www.creativecommons.org/licenses/by/4.0/deed.en").place
    'creativecommons.org/licenses/by/4.0'
    """
    try:
        parts = urlsplit(link.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return TextAddress("")
    at = _HOSTS.get(host, host)
    if at not in ("huggingface.co", "github.com", "modelscope.cn"):
        return TextAddress(_plain(link))
    path = [unquote(part) for part in parts.path.split("/") if part]
    if host == "raw.githubusercontent.com":
        path[2:2] = ["raw"]
    area = path.pop(0) if path and at != "github.com" and path[0].casefold() in _AREAS else ""
    named, rest = path[:2], path[2:]
    revision = ""
    if rest and rest[0] in _VIEWS:
        revision, rest = _revision(rest[1:])
    place = "/".join([at, *([area] if area not in ("", "models") else []), *named, *rest])
    is_text = len(named) == 2 and (not rest or bool(_LICENSE_FILE.search(rest[-1])))
    is_model = at != "github.com" and area in ("", "models") and is_text
    return TextAddress(place.casefold(), revision, "/".join(named) if is_model else "")


def _revision(path: list[str]) -> tuple[str, list[str]]:
    """The revision that a path begins with, and the rest."""
    if path[:1] == ["view"]:  # file/view/master of ModelScope
        path = path[1:]
    size = 3 if path[:1] == ["refs"] else 1
    revision = "/".join(path[:size]).casefold()
    return "" if revision in _NEWEST else revision, path[size:]


def _plain(link: str) -> str:
    address = re.sub(r"^https?://(www\.)?|/+$", "", link.strip().casefold())
    return re.sub(r"(?<=\d)/(legalcode|deed)(\.[a-z-]+)?$", "", address)

"""Whether a text is the name of a model or data set, and no path, no secret and no example."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from kg.scan._rules import Accept, Cue, compiled, name_rules, text_rules
from kg.scan.finding import FindingKind, Host

_LONGEST = 200
_CHARACTERS = re.compile(r"[A-Za-z0-9_](?:[\w.+/:@=-]*\w)?", re.ASCII)
_PART = re.compile(r"[A-Za-z0-9_][\w.+=-]{0,95}", re.ASCII)
_FILE = re.compile(r"(?:~/|/|(?:\.\.?/)+)?[A-Za-z0-9_](?:[\w.+/:@=-]*\w)?", re.ASCII)
_BETWEEN = re.compile(r"[-_.:@]+")
_RANDOM = re.compile(r"[A-Za-z0-9+=_]{32,}")  # as keys are written: no hyphen, no dot, no slash

# A data set of ms-swift: where it is, which part of it, and how many samples (its documentation, Command-line-parameters).
_SUBSET = re.compile(
    r"(?:(?:HF|MS)::)?(?P<id>[\w.-]+/[\w.-]+)(?::[\w/-]+)?(?:#\d+)?", re.IGNORECASE
)

_NESTED = 4  # defaults of defaults
_LONGEST_VALUE = 1_000  # characters of a value with a default
# What a setting is if nothing else is given: in a shell and Compose, in OmegaConf, in a workflow of GitHub, in Jinja.
_DEFAULTS = (
    re.compile(r"""\$\{\w+:?[-=]["']?(?P<id>.*?)["']?\}""", re.DOTALL),
    re.compile(r"\$\{oc\.env:\w+,\s*(?P<id>[^{}]*)\}"),
    re.compile(r"\$\{\{[^{}]*\|\|\s*'(?P<id>[^']*)'\s*\}\}"),
    re.compile(r"""\{\{[^{}]*\|\s*default\(\s*["'](?P<id>[^"']*)["'][^{}]*\}\}"""),
)


class ScannedName(NamedTuple):
    """What a text names."""

    what: str
    kind: FindingKind
    host: Host
    revision: str = ""
    needs_known: bool = False


def given_value(value: str) -> str:
    """What a value is where nothing else is given; itself if it is no expression.

    >>> given_value("${A:-${B:-gpt2}}"), given_value("${{ vars.MODEL || 'gpt2' }}"), given_value("gpt2")
    ('gpt2', 'gpt2', 'gpt2')
    """
    for _ in range(_NESTED if len(value) <= _LONGEST_VALUE else 0):
        found = next((f for one in _DEFAULTS if (f := one.fullmatch(value.strip()))), None)
        if found is None:
            break
        value = found["id"]
    return value


@lru_cache(16_384)
def read_name(
    text: str, kind: FindingKind, host: Host, accept: Accept = "any"
) -> ScannedName | None:
    """What a value names; None if it names nothing that can be looked up.

    Args:
        text: the value, as written.
        kind: what it would be.
        host: where its name would belong.
        accept: as data/scan/python.yaml says.

    >>> read_name("https://huggingface.co/Qwen/Qwen3-8B", "model", "hub").what
    'Qwen/Qwen3-8B'
    >>> read_name("./out/final", "model", "hub"), read_name("sk-abcdefghijkl", "model", "api")
    (None, None)
    """
    if len(text) > _LONGEST * 5:
        return None
    value = text.strip()
    if found := _address(value):
        return found
    if kind == "dataset" and (part := _SUBSET.fullmatch(value)):
        value = part["id"]
    if accept == "url" or not 2 <= len(value) <= _LONGEST:
        return None
    rules = name_rules()
    low = value.casefold()
    if low.endswith((*rules.weights, *([".bin"] if accept == "weights" else []))):
        told = accept != "plain" or is_telling(low.rpartition("/")[2].removesuffix(".safetensors"))
        named = told and kind != "dataset" and _FILE.fullmatch(value)
        if not named or _examples().search(low) or _secret(value):
            return None
        return ScannedName(value.removeprefix("./"), "weights", "file")
    if not _CHARACTERS.fullmatch(value) or _secret(value):
        return None
    if accept == "weights" or low.endswith(tuple(rules.files)):
        return None
    if kind == "weights":
        kind = "model"
    if is_example(value) or (kind == "dataset" and low in rules.builders):
        return None
    if is_known_name(value) and kind != "dataset":
        # google/gemma-2b is on the Hub, openai/gpt-4o is not: both may be meant.
        there: Host = "any" if "/" in value else "api"
        doubtful = accept == "plain" and bool(_ordinary().fullmatch(value))
        return ScannedName(value, kind, there if host == "any" else host, needs_known=doubtful)
    if accept == "name":
        return None
    found = _path(value, kind, host, accept)
    return found and found._replace(host="hub" if found.host == "any" else found.host)


def is_sure_name(text: str) -> bool:
    """Whether a value under a key of models names one, whether or not the graph knows it.

    >>> is_sure_name("Qwen/Qwen3-8B"), is_sure_name("default"), is_sure_name("./out")
    (True, False, False)
    """
    found = read_name(text, "model", "any", "id")
    return found is not None and not found.needs_known


def _path(value: str, kind: FindingKind, host: Host, accept: Accept) -> ScannedName | None:
    """A name of one part, an owner with a name, or a provider with one."""
    rules = name_rules()
    provider, colon, rest = value.partition(":")
    if colon and provider.casefold() in rules.providers and host != "ollama":
        inner = read_name(_without_task(rest), kind, "api", "plain" if accept == "plain" else "any")
        return inner and inner._replace(what=value, host="api", revision="")
    parts = value.split("/")
    first = parts[0].casefold()
    if len(parts) == 1:
        if first in rules.folders or value.isdigit() or not re.search("[A-Za-z]", value):
            return None
        telling = accept == "id" and kind != "dataset" and is_telling(value)
        return ScannedName(value, kind, host, needs_known=accept != "any" and not telling)
    name = parts[-1].partition(":")[0].partition("@")[0]
    fits = all(_PART.fullmatch(part) for part in (*parts[:-1], name))
    if not fits or name.casefold() in rules.placeholders:
        return None
    if len(parts) == 2:
        known = first in rules.providers and is_known_name(parts[1])
        if not known and not re.search("[A-Za-z]", name):
            return None
        here = first in rules.folders and not known
        doubtful = here or (accept == "plain" and not is_telling(name))
        return ScannedName(value, kind, host, needs_known=doubtful)
    gateway = first not in rules.folders and is_known_name(parts[-1])
    routed = len(parts) == 3 and (first in rules.providers or gateway)
    if accept == "plain" and not is_telling(name):
        return None
    if routed or re.fullmatch(r"(?:\w+/)?accounts/[\w-]+/models/[\w.-]+", value):
        return ScannedName(value, kind, "api")
    return None


def _address(value: str) -> ScannedName | None:
    if "/" not in value:
        return None
    place = value.removeprefix("https://").removeprefix("http://").removeprefix("www.")
    for cue in text_rules().cues:
        if (
            (found := compiled(cue.pattern).match(place))
            and cue.kind
            and not is_example(found["id"])
        ):
            return read_cue(cue, found)
    return None


def read_cue(cue: Cue, found: re.Match[str]) -> ScannedName:
    """What a mark in a text names.

    Args:
        cue: the rule of the mark; it is of a model or a data set.
        found: where its pattern fits.
    """
    id = clean(found["id"])
    id = id.replace("-", "_") if cue.host == "spacy" else id  # as its package is imported
    return ScannedName(id, cue.kind or "model", cue.host, found.groupdict().get("revision") or "")


def _without_task(name: str) -> str:
    task, colon, rest = name.partition(":")
    return rest if colon and task in name_rules().tasks else name


def without_provider(name: str) -> str:
    """A name without what LiteLLM, LangChain and others put before it; "" if they put nothing there.

    >>> without_provider("openai/gpt-4o"), without_provider("anthropic:messages:claude-3-opus")
    ('gpt-4o', 'claude-3-opus')
    >>> without_provider("Qwen/Qwen3-8B")
    ''
    """
    provider, _, rest = name.replace(":", "/", 1).partition("/")
    return _without_task(rest) if provider.casefold() in name_rules().providers else ""


def clean(id: str) -> str:
    """An id without what ends a sentence or an address of git."""
    return id.rstrip(".-_").removesuffix(".git")


def is_example(value: str) -> bool:
    """Whether an id is one of an example."""
    low = value.casefold()
    owner, _, name = low.partition("/")
    rules = name_rules()
    parts = {owner, name} if name else {low}
    named = not parts.isdisjoint(rules.placeholders) or parts <= rules.vague
    return named or bool(_examples().search(low))


@cache
def _examples() -> re.Pattern[str]:
    return re.compile("|".join(name_rules().examples))


@cache
def _names() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{name})" for name in name_rules().names), re.IGNORECASE)


def is_known_name(value: str) -> bool:
    """Whether a text is spelled as the names are that APIs have, with its provider or without.

    >>> is_known_name("gpt-4o-mini"), is_known_name("large"), is_known_name("openai/o3-mini")
    (True, False, True)
    """
    if _names().fullmatch(value):
        return True
    provider, _, rest = value.partition("/")
    return provider.casefold() in name_rules().providers and bool(_names().fullmatch(rest))


@cache
def _ordinary() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in name_rules().ordinary))


@cache
def _shapes() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    rules = name_rules()
    whole = ("|".join(rules.families), "|".join(rules.variants), rules.size)
    family, variant, size = (re.compile(one, re.IGNORECASE) for one in whole)
    return family, variant, size


def is_telling(name: str) -> bool:
    """Whether a name, without its owner, is spelled as models are: a family and a variant, or a size.

    >>> is_telling("distil-large-v2"), is_telling("EEVE-Korean-Instruct-10.8B-v1.0"), is_telling("llama.cpp")
    (True, True, False)
    """
    family, variant, size = _shapes()
    parts = [part for part in _BETWEEN.split(name) if part]
    if len(parts) < 2:
        return False
    if any(size.fullmatch(part) for part in parts) and re.search("[A-Za-z]{2}", name):
        return True
    families = [at for at, part in enumerate(parts) if family.fullmatch(part)]
    return any(
        variant.fullmatch(part) for at, part in enumerate(parts) if families and at != families[0]
    )


def _secret(value: str) -> bool:
    begins = tuple(name_rules().secrets)
    if "/" in value:  # an owner may begin so; a key that holds a slash is longer than one
        return any(len(part) > 24 and part.startswith(begins) for part in value.split("/"))
    if value.startswith(begins):
        return True
    return bool(_RANDOM.fullmatch(value)) and any(c.isdigit() for c in value)

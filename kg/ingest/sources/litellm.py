"""LiteLLM's table of models by provider (model_prices_and_context_window.json): names of APIs, days of retirement.

A key is an offer, `provider/name`, and not a model. Where the provider is the maker's own service, names that differ by a
day are snapshots of one model; where none but the snapshots is offered, it retires when they do, if they agree. Other
providers are hosts, and makers host each other: a name belongs to the maker that offers most names with its first word.
When a host stops serving a model is no fact of the model. A host's name counts only if it is the maker's name, in the
host's spelling: `us.anthropic.claude-haiku-4-5-20251001-v1:0`, `claude-haiku-4-5@20251001`.

Not read: `max_input_tokens` (the prompt's limit in a service: 272,000 where the context of the model is 400,000), prices,
successors, offers of fine-tuning (`ft:`), models of images, video and speech.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kg.errors import DataError
from kg.files.parsing import json_document
from kg.ingest.kit._names import makers
from kg.ingest.kit.kit import Found, Kit, Place, Record, unreadable
from kg.ingest.kit.source_record import SourceRecord
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="litellm",
    label={"en": "LiteLLM model table", "ko": "LiteLLM 모델 표"},
    description={
        "en": "By which names APIs call models, and when makers stop serving them.",
        "ko": "API에서 모델을 부르는 이름과 제작사가 제공을 끝내는 날짜를 모은 표입니다.",
    },
    source_type="database",
    license="license/mit",
    homepage="https://github.com/BerriAI/litellm",
    fetch="https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json",
)

# Provider -> the maker whose own service it is
OWN = {
    "ai21": "AI21 Labs",
    "amazon_nova": "Amazon",
    "anthropic": "Anthropic",
    "bigmodel": "Z.ai",
    "codestral": "Mistral AI",
    "cohere": "Cohere",
    "cohere_chat": "Cohere",
    "dashscope": "Alibaba",
    "deepseek": "DeepSeek",
    "gemini": "Google",
    "gigachat": "Sber",
    "inception": "Inception",
    "jina_ai": "Jina AI",
    "meta": "Meta",
    "meta_llama": "Meta",
    "minimax": "MiniMax",
    "mistral": "Mistral AI",
    "moonshot": "Moonshot AI",
    "openai": "OpenAI",
    "qwencloud": "Alibaba",
    "sarvam": "Sarvam AI",
    "tencent": "Tencent",
    "text-completion-codestral": "Mistral AI",
    "text-completion-inception": "Inception",
    "text-completion-openai": "OpenAI",
    "volcengine": "ByteDance",
    "voyage": "Voyage AI",
    "xai": "xAI",
    "xiaomi_mimo": "Xiaomi",
    "zai": "Z.ai",
}
MODES = frozenset({"chat", "completion", "responses", "embedding", "rerank"})
TOKENS = frozenset({"max_input_tokens", "max_tokens", "input_cost_per_token"})
SAMPLE, TUNING = "sample_spec", "ft:"

_DAY = re.compile(r"(.+)[-@](?:20\d\d-[01]\d-[0-3]\d|20\d\d[01]\d[0-3]\d)")
# A month and day, a number
_SHORT = re.compile(r"(.+)(?:-(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|[-@]00\d)")
_LATEST = re.compile(r"(?:.*[-_])?latest\b.*")
_REGION_AND_MAKER = re.compile(r"^(?:[a-z]+\.){1,2}(?=[a-z])")
_REVISION = re.compile(r"-v\d+(?::\d+)?$")


class _Offer(NamedTuple):
    provider: str
    name: str  # what the provider's API calls it
    retired: str
    at: str

    @property
    def word(self) -> str:
        """The first word of its name, which tells makers apart."""
        found = re.match(r"[a-z]+", self.name.casefold())
        return found[0] if found else ""


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The offers of language models."""
    for file in place.files("*.json"):
        source = f"source/{SOURCE.id}"
        try:
            data = json_document(file)
        except DataError as error:
            yield unreadable(str(error), file.name, source)
            continue
        entries = data if isinstance(data, dict) else {}
        if not any(isinstance(one, dict) and "litellm_provider" in one for one in entries.values()):
            yield unreadable("holds no entry with a litellm_provider", file.name, source)
            continue
        for key, entry in entries.items():
            if key != SAMPLE and not key.startswith(TUNING) and _of_language(entry):
                yield Record(f"{file.name}#{key}", {"key": key, "entry": entry})


def _of_language(entry: object) -> bool:
    """Whether it is a model that reads tokens; prices of tools have a mode as well."""
    if not isinstance(entry, dict):
        return True  # to be told
    return entry.get("mode") in MODES and not TOKENS.isdisjoint(entry)


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What makers offer themselves, then by which names hosts know it."""
    own: list[_Offer] = []
    hosted: list[_Offer] = []
    for record in records:
        entry = record.data["entry"]
        if not isinstance(entry, dict) or not isinstance(entry.get("litellm_provider"), str):
            told = "an entry without a provider"
            yield kit.issue("empty", record.locator, told, entry, record.locator)
            continue
        offer = _offer(record.data["key"], entry, record.locator)
        (own if offer.provider in OWN else hosted).append(offer)
    words = _words(own)
    hosted += [offer for offer in own if words[offer.word] != OWN[offer.provider]]
    groups = _models([offer for offer in own if words[offer.word] == OWN[offer.provider]])
    for (maker, base), offers in groups.items():
        yield from _model(maker, base, offers, kit)
    yield from _hosted(hosted, groups, kit)


def _offer(key: str, entry: Mapping[str, Any], at: str) -> _Offer:
    return _Offer(
        entry["litellm_provider"],
        key.rpartition("/")[2],
        str(entry.get("deprecation_date") or ""),
        at,
    )


def _words(own: Sequence[_Offer]) -> Mapping[str, str]:
    """First words of names, each with the maker that has most names of it."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for maker, word, _ in dict.fromkeys((OWN[o.provider], o.word, o.name) for o in own):
        counts[word][maker] += 1
    words = {word: makers.most_common(1)[0][0] for word, makers in counts.items()}
    return words | {provider: maker for provider, maker in OWN.items() if provider in words}


def _models(offers: Sequence[_Offer]) -> dict[tuple[str, str], list[_Offer]]:
    """The offers of each model: under its name and under those of its snapshots."""
    names = {(OWN[offer.provider], offer.name) for offer in offers}
    groups: dict[tuple[str, str], list[_Offer]] = defaultdict(list)
    for offer in offers:
        maker, base = OWN[offer.provider], offer.name
        if day := _DAY.fullmatch(base):
            base = day[1]
        elif (short := _SHORT.fullmatch(base)) and (maker, short[1]) in names:
            base = short[1]
        groups[maker, base].append(offer)
    return groups


def _model(maker: str, base: str, offers: Sequence[_Offer], kit: Kit) -> Iterator[Found]:
    id = _id(maker, base, kit)
    lasting = []
    for offer in offers:
        if _LATEST.fullmatch(offer.name):
            told = "a name that moves from one snapshot to the next"
            yield kit.issue("moving-name", id, told, offer.name, offer.at, "apiName")
        else:
            lasting.append(offer)
    if not lasting:
        return
    yield kit.name(id, base, lasting[0].at, lang="en")
    yield from makers(kit, id, [maker], lasting[0].at)
    for name, offer in {offer.name: offer for offer in reversed(lasting)}.items():
        until = f"snapshot, served until {offer.retired}" if offer.retired else "snapshot"
        yield kit.say(id, "apiName", name, offer.at, note="" if name == base else until)
    yield from _retirement(id, base, lasting, kit)


def _id(maker: str, base: str, kit: Kit) -> str:
    return kit.id("model", f"{maker} {base}")


def _retirement(id: str, base: str, offers: Sequence[_Offer], kit: Kit) -> Iterator[Found]:
    """When the model itself retires: its own day, or that of all its snapshots where it has no offer."""
    telling = [offer for offer in offers if offer.name == base] or offers
    days = {offer.retired: offer.at for offer in telling}
    if len(days) == 1 or telling[0].name == base:
        for day, at in days.items():
            if day:
                yield kit.say(id, "retirementDate", day, at)
    else:
        told, all_days = "its snapshots retire on different days", ", ".join(sorted(days))
        yield kit.issue("snapshot-dates", id, told, all_days, telling[0].at, "retirementDate")


def _hosted(
    offers: Sequence[_Offer], groups: Mapping[tuple[str, str], Sequence[_Offer]], kit: Kit
) -> Iterator[Found]:
    """Hosts' names of makers' models, each once; what else a host says is of its service."""
    known: dict[str, set[str]] = defaultdict(set)
    for (maker, base), own in groups.items():
        for offer in own:
            if _LATEST.fullmatch(offer.name):
                continue
            known[offer.name.casefold()].add(_id(maker, base, kit))
    told_once = set()
    for offer in offers:
        if offer.retired:
            told = "the day that a host stops serving it is no fact of the model"
            yield kit.issue("host-date", offer.at, told, offer.retired, offer.at, "retirementDate")
        if offer.name.casefold() in known:
            continue  # as its maker calls it
        ids = known.get(_stated(offer.name), set())
        if len(ids) != 1:
            told = "a host's name that is no maker's"
            yield kit.issue("host-name", offer.at, told, offer.name, offer.at, "apiName")
        elif offer.name not in told_once:
            told_once.add(offer.name)
            yield kit.say(min(ids), "apiName", offer.name, offer.at, note="name at a host")


def _stated(name: str) -> str:
    """The maker's name in a host's.

    >>> _stated("us.anthropic.claude-haiku-4-5-20251001-v1:0"), _stated("claude-haiku-4-5@20251001")
    ('claude-haiku-4-5-20251001', 'claude-haiku-4-5-20251001')
    """
    bare = _REGION_AND_MAKER.sub("", name.casefold())
    return _REVISION.sub("", bare).replace("@", "-")

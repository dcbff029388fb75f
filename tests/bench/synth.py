"""A seeded generator of claims shaped like the Hugging Face Hub; clearly synthetic, never shipped.

Shape after published figures (shared evidence on data and storage, 2025): about 60 % of models name a
parent, families follow a power law, one base has more than 5 % of all models below it, chains reach
depth 12 and more, 3 % merge 2–5 parents, 1.5 % of edges dangle, a few cycles, some Korean text;
about 15 facts a model.

    python -m tests.bench.synth 100000 /tmp/home/runs/synth
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from kg.claims.claim_files import encode
from kg.model.claim import Claim, Said, Value

SOURCE = "source/synthetic-hub"
_NAMES = (
    "llama mistral qwen gemma phi falcon bloom pythia opt gpt mamba polyglot solar exaone".split()
)
_TUNES = "chat instruct ko code math med law rp dpo sft orca vicuna alpaca wizard hermes".split()
_KOREAN = (
    "한국어 지시문으로 미세조정한 모델 대화 번역 요약 코드 수학 의료 법률 데이터셋 실험".split()
)
_WORDS = (
    "fine-tuned on a mix of instruction chat and code data for research use only with care".split()
)
LICENSES = ["apache-2.0"] * 9 + ["mit"] * 4 + ["cc-by-nc-4.0"] * 2 + ["openai-terms", "llama-1"]
_RELATIONS = ["adapterOf"] * 43 + ["fineTunedFrom"] * 36 + ["quantizedFrom"] * 19  # Hub, 2025-10
SIZES = [135e6, 500e6, 1.1e9, 1.5e9, 3e9, 7e9, 8e9, 13e9, 32e9, 70e9]
_CHAIN = 14  # models in the one long chain

_WITH_PARENT = 0.60
_MERGED = 0.03
_DANGLING = 0.015
_TO_TOP = 0.12  # of derivations: straight from the most popular base
_SECOND_HAND = 0.35  # of derivations: from something already derived


def claims(size: int, seed: int = 7) -> Iterator[Claim]:
    """Claims on a number of made-up models.

    Args:
        size: models.
        seed: same seed, same claims.
    """
    rng = random.Random(seed)
    orgs = [f"org{i:05d}" for i in range(max(10, size // 8))]
    for org in orgs:
        yield _claim(f"org/hf/{org}", "label", f"Synthetic org {org}", lang="en")
    bases = max(20, size // 200)
    names: list[str] = []
    derived: list[int] = []
    for i in range(size):
        names.append(_name(rng, orgs, i))
        parents = [] if i < bases else _parents(rng, i, bases, derived)
        if parents:
            derived.append(i)
        yield from _model(rng, names, i, parents)


def edges(size: int, seed: int = 7) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Models shaped like those of `claims`, with their edges only, in order of ids.

    Args:
        size: models.
        seed: same seed, same models.

    Returns:
        Of each its id, its release date, and relation and id of its parents and its maker.
    """
    rng = random.Random(seed)
    orgs = [f"org{i:05d}" for i in range(max(10, size // 8))]
    bases = max(20, size // 200)
    names: list[str] = []
    derived: list[int] = []
    found: dict[str, list[tuple[str, str]]] = {}
    for i in range(size):
        names.append(_name(rng, orgs, i))
        id = f"model/{names[i]}"
        parents = [] if i < bases else _parents(rng, i, bases, derived)
        derived += [i] * bool(parents)
        found[id] = [("developer", f"org/hf/{names[i].split('/')[1]}")]
        for claim in _edges(rng, id, names, i, parents):
            found[claim.subject].append((claim.property, str(claim.said.value)))
    makers = [(f"org/hf/{org}", "", []) for org in orgs]
    dates = [f"{year}-{month:02d}-15" for year in range(2022, 2027) for month in range(1, 13)]
    models = [(id, dates[len(id) % len(dates)], found[id]) for id in sorted(found)]
    return [*models, *makers]


def shapes(size: int, seed: int = 7) -> Iterator[tuple[int, str, str, list[str]]]:
    """Number, Hub id, relation and Hub ids of the parents of made-up models, as those of `claims` are drawn.

    Args:
        size: models.
        seed: same seed, same models.
    """
    rng = random.Random(seed)
    orgs = [f"org{i:05d}" for i in range(max(10, size // 8))]
    bases = max(20, size // 200)
    names: list[str] = []
    derived: list[int] = []
    for i in range(size):
        names.append(_name(rng, orgs, i).removeprefix("hf/"))
        parents = [] if i < bases else _parents(rng, i, bases, derived)
        derived += [i] * bool(parents)
        relation = "mergedFrom" if len(parents) > 1 else rng.choice(_RELATIONS)
        gone = [rng.random() < _DANGLING for _ in parents]
        told = [f"gone/deleted-{p}" if g else names[p] for p, g in zip(parents, gone, strict=True)]
        yield i, names[i], relation, told


def _name(rng: random.Random, orgs: list[str], i: int) -> str:
    org = orgs[int(len(orgs) * rng.random() ** 2.5)]
    return f"hf/{org}/{rng.choice(_NAMES)}-{rng.choice(_TUNES)}-syn{i}"


def _parents(rng: random.Random, i: int, bases: int, derived: list[int]) -> list[int]:
    if bases <= i < bases + _CHAIN:  # a chain, so that depth is certain
        return [i - 1]
    if rng.random() > _WITH_PARENT:
        return []
    count = rng.randint(2, 5) if rng.random() < _MERGED else 1
    return list({_parent(rng, i, bases, derived) for _ in range(count)})


def _parent(rng: random.Random, i: int, bases: int, derived: list[int]) -> int:
    chance = rng.random()
    if chance < _TO_TOP:
        return 0
    if derived and chance < _TO_TOP + _SECOND_HAND:
        return derived[int(len(derived) * rng.random() ** 3)]
    return int(bases * rng.random() ** 4)  # power law over the bases


def _model(rng: random.Random, names: list[str], i: int, parents: list[int]) -> Iterator[Claim]:
    id = f"model/{names[i]}"
    org = names[i].split("/")[1]
    korean = rng.random() < 0.2
    yield _claim(id, "label", names[i].removeprefix("hf/"), lang="en")
    yield _claim(id, "developer", f"org/hf/{org}")
    yield _claim(id, "license", f"license/{rng.choice(LICENSES)}")
    yield _claim(
        id,
        "releaseDate",
        f"{rng.randint(2022, 2026)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
    )
    yield _claim(id, "parameterCount", int(rng.choice(SIZES)))
    yield _claim(id, "contextLength", rng.choice([2048, 4096, 8192, 32768, 131072]))
    yield _claim(id, "hubId", names[i].removeprefix("hf/"))
    yield _claim(id, "language", "language/korean" if korean else "language/english")
    yield _claim(id, "url", f"https://synthetic.example/{names[i].removeprefix('hf/')}")
    words = rng.choices(_KOREAN if korean else _WORDS, k=rng.randint(6, 25))
    yield _claim(id, "description", " ".join(words), lang="ko" if korean else "en")
    yield _claim(id, "trainingTokens", rng.randint(10**8, 10**12))
    yield _claim(id, "vocabularySize", rng.choice([32000, 50257, 128256, 151936]))
    for feature in rng.sample(_TUNES, 2):
        yield _claim(id, "feature", f"tag {feature}")
    yield from _edges(rng, id, names, i, parents)


def _edges(
    rng: random.Random, id: str, names: list[str], i: int, parents: list[int]
) -> Iterator[Claim]:
    relation = "mergedFrom" if len(parents) > 1 else rng.choice(_RELATIONS)
    for parent in parents:
        gone = rng.random() < _DANGLING
        target = f"hf/gone/deleted-{parent}" if gone else names[parent]
        yield _claim(id, relation, f"model/{target}")
    if i % 20_000 == 5_000:  # its own parent
        yield _claim(id, "fineTunedFrom", id)
    if i % 20_000 == 6_000:  # a cycle of two
        yield _claim(id, "fineTunedFrom", f"model/{names[i - 1]}")
        yield _claim(f"model/{names[i - 1]}", "fineTunedFrom", id)


def _claim(subject: str, property: str, value: Value, lang: str = "") -> Claim:
    return Claim(
        subject, property, Said(value=value, source=SOURCE, locator="synthetic", lang=lang)
    )


def write_run(folder: Path, size: int, seed: int = 7) -> int:
    """Write a claim run, as `gyebo ingest` would store it, and return how many claims it holds."""
    folder.mkdir(parents=True)
    about = [
        _claim(SOURCE, "label", "Synthetic hub (made up)", lang="en"),
        _claim(SOURCE, "sourceType", "hub-card"),
        _claim(SOURCE, "retrieved", "2026-11-01"),
    ]
    (folder / "sources.jsonl").write_bytes(b"".join(map(encode, about)))
    count = 0
    with (folder / "claims.jsonl").open("wb") as file:
        for claim in claims(size, seed):
            file.write(encode(claim))
            count += 1
    return count


if __name__ == "__main__":
    print(write_run(Path(sys.argv[2]), int(sys.argv[1])), "claims")

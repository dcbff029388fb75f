"""A few models with all that a document has to tell apart: own facts, those of a family and of a base, disputes, guesses, data."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Corner
from tests.watch.releases import licensed

TEXT = """
source/card:
  label: {en: "Card of the makers", ko: 만든 곳의 카드}
  claims:
    sourceType: [{value: official, from: card}]
    url: [{value: "https://example.org/card?a=1", from: card}]
    retrieved: [{value: "2026-11-01", from: card}]
source/survey:
  label: {en: Survey}
  claims: {sourceType: [{value: survey, from: survey}]}
source/rival:
  label: {en: Rival card}
  claims: {sourceType: [{value: official, from: rival}]}
source/names:
  label: {en: Rule of names}
  claims: {sourceType: [{value: rule, from: names}]}
org/acme: {label: {en: Acme, ko: 아크메}}
language/korean: {label: {en: Korean, ko: 한국어}}
family/acorn:
  label: {en: Acorn, ko: 도토리}
  claims:
    contextLength: [{value: 4096, from: card}]
    trainedOn: [{value: dataset/web, from: survey}]
model/base:
  label: {en: Base 7B, ko: 기반 7B}
  claims:
    architectureName: [{value: AcornForCausalLM, from: "card:config.json"}]
    license: [{value: license/cc-by-nc-4.0, from: card}]
    trainedOn: [{value: dataset/books, from: "card:Data"}]
model/chat:
  label: {en: Chat 7B, ko: 대화 7B}
  claims:
    inFamily: [{value: family/acorn, from: card}]
    developer: [{value: org/acme, from: card}]
    fineTunedFrom: [{value: model/base, from: "card:base_model"}]
    license: [{value: license/mit, from: card}, {value: license/cc-by-nc-4.0, from: rival}]
    parameterCount: [{value: 7000000000, from: "card:12-13", note: from the name, inferred: true}]
    releaseDate: [{value: "2026-01", from: survey}, {value: "2025-12", from: rival, rank: rejected, reason: of another model}]
    trainedOn: [{value: dataset/talks, from: "card:Data"}]
    trainingTokens: [{value: null, from: "card:Training"}]
model/guessed:
  label: {en: Guessed}
  claims: {quantizedFrom: [{value: model/base, from: names, inferred: true}]}
model/closed:
  label: {en: Closed}
  claims: {access: [{value: unreleased, from: "card:Access"}]}
model/lonely:
  label: {en: "L](javascript:alert(1)) <script>x</script> ![i](http://evil.example/i.png) | (?) \\u202E&lt;b&gt; https://evil.example @all"}
  claims:
    intendedUse: [{value: "# one\\n\\n[2]: http://evil.example \\n- `two` <img src=x>", from: card}]
dataset/web: {label: {en: Web pages}}
dataset/books: {label: {en: Books}, claims: {license: [{value: license/mit, from: card}]}}
dataset/talks:
  label: {en: Talks, ko: 대화}
  claims:
    hubId: [{value: acme/talks, from: card}]
    generatedWith: [{value: model/base, from: card}]
    language: [{value: language/korean, from: card}]
    itemCount: [{value: 52002, from: card}]
"""


def small_corner(folder: Path) -> Corner:
    """A corner that holds them."""
    corner = licensed(folder)
    corner.write(TEXT.replace("\\\\u202E", "\u202e"), "small.yaml")
    return corner

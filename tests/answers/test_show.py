"""Everything known of an entity: what more specific facts tell is not unknown."""

from __future__ import annotations

from kg.answers.contract import Ref
from kg.answers.show import show
from tests.conftest import Corner


def test_parents_that_a_more_specific_fact_tells_are_still_said(corner: Corner) -> None:
    corner.write("""
model/base: {label: {en: Base}}
model/tuned:
  label: {en: Tuned}
  claims:
    derivedFrom: [{value: model/base, from: gyebo}]
    fineTunedFrom: [{value: model/base, from: gyebo}]
model/strange:
  label: {en: Strange}
  claims:
    derivedFrom:
      - {value: null, from: gyebo, rank: preferred, reason: the maker withdrew it}
      - {value: model/base, from: gyebo}
""")
    built = corner.build()
    base = Ref("model/base", "Base")
    told = {fact.property: fact.value for fact in show(built, "model/tuned").facts}
    assert (told["derivedFrom"], told["fineTunedFrom"]) == (base, base)
    assert built.entity("model/tuned").values("derivedFrom") == ()  # one edge, the specific one
    (unknown,) = (f for f in show(built, "model/strange").facts if f.property == "derivedFrom")
    assert unknown.value is None

"""Made-up claims for properties that hold for any."""

from __future__ import annotations

from hypothesis import strategies as st

from kg.model.claim import Claim, Said


def claims_on(slugs: st.SearchStrategy[str]) -> st.SearchStrategy[Claim]:
    """Claims on models.

    Args:
        slugs: of their subjects, and where their sources say so.
    """
    return st.builds(
        Claim,
        st.builds("model/{}".format, slugs),
        st.sampled_from(["developer", "license", "parameterCount"]),
        st.builds(
            Said,
            value=st.one_of(st.text(max_size=5), st.integers(-9, 9), st.none()),
            source=st.just("source/s"),
            locator=slugs,
        ),
    )

"""Who learned from the outputs of a maker or model, or from a data set: a section, and a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from kg.answers.tree.flow import MOST, Flow, FlowNode, find_flow
from kg.licenses.terms import Verdict
from kg.model.claim import kind_of, label_lang
from web.app.context import lang, snapshot
from web.app.i18n import gettext, mark, translator
from web.charts.pictures import style, style_hash
from web.tree._flow import FlowScene, flow_svg
from web.ui.features import Feature
from web.ui.links import href
from web.ui.sections import Context, Draft, Section
from web.ui.verdicts import LOOKS, VerdictLook

KINDS = ("org", "dataset", "product")  # whose lineage is that of text; others have a family tree
_DRAWN = 12  # models in the section of a page
_ALL = 150  # on the page of its own


class FlowRow(NamedTuple):
    """A model that learned, for the list under the drawing."""

    node: FlowNode
    learned: Sequence[FlowNode]
    weights: Sequence[FlowNode]

    @property
    def verdict(self) -> VerdictLook:
        """How what its license allows is shown."""
        return LOOKS[cast(Verdict, self.node.verdict or "unknown")]


class FlowSection(NamedTuple):
    """A flow on a page."""

    flow: Flow
    svg: Markup
    alone: bool

    @property
    def rows(self) -> list[FlowRow]:
        """The models, by date; those of unknown date last."""
        by_id = self.flow.by_id
        into: dict[tuple[str, bool], dict[str, FlowNode]] = {}
        for edge in self.flow.edges:
            into.setdefault((edge.target, edge.weights), {})[edge.source] = by_id[edge.source]
        learners = sorted(
            self.flow.of("learner"), key=lambda n: (n.date is None, n.date or "", n.id)
        )
        return [
            FlowRow(
                n, [*into.get((n.id, False), {}).values()], [*into.get((n.id, True), {}).values()]
            )
            for n in learners
        ]

    @property
    def heading(self) -> str:
        """What the section is called."""
        return gettext(_heading(self.flow.id))


def _heading(id: str) -> str:
    return (
        mark("Who learned from it")
        if kind_of(id) == "dataset"
        else mark("Learned from its outputs")
    )


def flow_section(id: str, most: int, alone: bool = False) -> FlowSection | None:
    """The flow from an entity; None where nothing learned from it.

    Args:
        id: a canonical id.
        most: models to draw.
        alone: also where nothing did.
    """
    flow = find_flow(snapshot(), id, lang(), most)
    if not flow.of("learner") and not alone:
        return None
    scene = FlowScene(lang=lang(), gettext=gettext, href=href)
    return FlowSection(flow, flow_svg(flow, scene), alone)


def flow_page(id: str) -> ResponseReturnValue:
    """The page `/org/…/lineage` and its like."""
    section = flow_section(id, _ALL, alone=True)
    known = snapshot().entity(id)
    return render_template(
        "tree/flow.html",
        id=id,
        flow=section,
        tree_href=href,
        title=snapshot().label(id, lang()),
        title_lang=label_lang(known, lang()),
    )


def flow_picture(id: str, code: str, theme: str) -> Response:
    """The drawing as a file of its own.

    Args:
        id: a canonical id.
        code: language.
        theme: in web.charts.pictures.THEMES.
    """
    base = snapshot().manifest.base

    def address(name: str) -> str:
        return base + name

    scene = FlowScene(lang=code, gettext=translator(code), href=address, alone=Markup(style(theme)))
    svg = str(flow_svg(find_flow(snapshot(), id, code, MOST), scene)) + "\n"
    response = Response(svg, content_type="image/svg+xml; charset=utf-8")
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {style_hash(theme)}"
    )
    return response


def _build(draft: Draft) -> Context | None:
    found = flow_section(draft.subject.id, _DRAWN)
    return {"flow": found, "tree_href": href} if found else None


FEATURE = Feature(
    sections=(
        Section(
            name="outputs",
            place="below",
            template="tree/_flow.html",
            kinds=("model", "family", *KINDS),
            build=_build,
            anchor="outputs",
            heading=mark("Who learned from it"),
            long=True,
        ),
    ),
)

"""The small tree on the page of a model: what it comes from, what comes from it, what it learned from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from kg.answers.tree.kin import Kin, Relative, find_kin
from kg.answers.tree.unresolved import unresolved_among, unresolved_line
from kg.language.numbers import number
from kg.model.vocabulary import load_vocabulary
from web.app.context import lang
from web.app.i18n import gettext, mark
from web.tree._kin_drawing import KinWords, kin_svg
from web.tree.section import ANCHOR, State, asked
from web.ui.features import Feature
from web.ui.links import href
from web.ui.relations import KINDS, kind_word
from web.ui.sections import Context, Draft, Section, Subject

_WRITTEN = "generatedWith"


class SmallTree(NamedTuple):
    """The small tree and the address of the whole one."""

    kin: Kin
    svg: Markup
    whole: str
    unresolved: Sequence[str]  # the parents that are declared and that nothing can find

    def kind(self, one: Relative) -> str:
        """What a box is called beside its name."""
        return describe_kind(one)


def describe_kind(one: Relative) -> str:
    """How something in a small tree is tied to the model, in words; "" where there is nothing to say."""
    if one.kind == _WRITTEN:
        return gettext("wrote the text")
    if one.kind in KINDS:
        return kind_word(one.kind, lang())
    known = load_vocabulary().properties.get(one.kind)
    return known.term.labels.get(lang(), "") if known else ""


def small_tree(subject: Subject) -> SmallTree | None:
    """The small tree of a model; None if nothing is known around it."""
    snapshot, language = subject.snapshot, subject.lang
    kin = find_kin(snapshot, subject.id, language)
    lost = [
        unresolved_line(one).text(language)
        for one in unresolved_among(snapshot, [subject.number], language)
    ]
    if kin.alone and not lost:
        return None
    whole = subject.address("/lineage")
    words = KinWords(
        told=gettext("What %(name)s comes from, and what was made from it")
        % {"name": kin.here.label},
        heads=(gettext("Comes from"), gettext("This model"), gettext("Made from it")),
        kind=describe_kind,
        more=lambda count: gettext("+ %(count)s more") % {"count": number(count, language)},
        lang=language,
    )
    return SmallTree(kin, kin_svg(kin, words, href, whole), whole, [*dict.fromkeys(lost)])


def _build(draft: Draft) -> Context | None:
    found = small_tree(draft.subject)
    # Where the address asks for the whole tree, that one stands on the page and has the anchor.
    return {"small": found, "kin_anchor": "" if asked() != State() else ANCHOR} if found else None


FEATURE = Feature(
    sections=(
        Section(
            name="kin",
            place="first",
            template="tree/_kin.html",
            kinds=("model",),
            build=_build,
            anchor="kin",
            heading=mark("Where it comes from"),
        ),
    ),
)

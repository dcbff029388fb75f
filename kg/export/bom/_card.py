"""A model card for the Hugging Face Hub: front matter as the Hub reads it, and where the model comes from.

Fields and their words: https://huggingface.co/docs/hub/model-cards. What has no id on the Hub stands in
the text only; what is not known is left out of the front matter, and the text says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import yaml
from babel import Locale

from kg.answers.show import describe
from kg.answers.tree.unresolved import unresolved_line
from kg.export.bom._bom import TRAINED_ON
from kg.export.bom._cyclonedx import hub_id, hub_page
from kg.export.bom._origins import base_families, base_families_text, weight_links
from kg.export.bom._parts import Bom, BomLicense, BomLink, BomPart
from kg.language.markdown import escape_markdown, web_address
from kg.licenses.wording import verdict_word, words_in
from kg.messages.message import Message, mark, translate
from kg.model.claim import slug_of
from kg.model.iri import iri
from kg.model.vocabulary import LANGUAGE, load_vocabulary

MEDIA_TYPE = "text/markdown"

_WORDS = {
    "genealogy": mark("Genealogy"),
    "family": mark("Family"),
    "from": mark("Derived from"),
    "data": mark("Trained on"),
    "verdict": mark("License"),
    "declared": mark("declared"),
    "concluded": mark("in force with all it inherited"),
    "not known": mark("not known"),
    "disputed": mark("sources disagree"),
    "disagree": mark("Sources disagree on"),
    "sources": mark("Sources"),
    "not stated": mark("No source names one; that does not mean there is none."),
    "read": mark("read"),
    "advice": mark("This is not legal advice."),
    "by": mark("Written by"),
}


def card(bom: Bom, hub_tags: Mapping[str, str], lang: str = "en") -> str:
    """A model card.

    Args:
        bom: the model with its ancestry, its labels in the same language.
        hub_tags: license id -> the Hub's tag for it.
        lang: en or ko.
    """
    front = yaml.safe_dump(
        front_matter(bom, hub_tags), allow_unicode=True, sort_keys=False, width=1000
    )
    return f"---\n{front}---\n\n" + "\n".join(_body(bom, lang)) + "\n"


# ---- front matter


def front_matter(bom: Bom, hub_tags: Mapping[str, str]) -> dict[str, Any]:
    """The fields of the front matter, those that are known."""
    part = bom.parts[bom.root]
    bases = _on_hub(bom, tuple(link for link in weight_links(part) if not link.doubtful))
    found: dict[str, Any] = {
        "language": _languages(part, bom),
        **_license(part, hub_tags),
        "base_model": bases[0] if len(bases) == 1 else bases,
        "base_model_relation": _relation(part) if bases else "",
        "datasets": _on_hub(bom, _data(part)),
        "tags": [slug_of(base_families(bom)[1])],
    }
    return {name: value for name, value in found.items() if value}


def _data(part: BomPart) -> tuple[BomLink, ...]:
    return tuple(link for link in part.links if link.relation == TRAINED_ON)


def _on_hub(bom: Bom, links: tuple[BomLink, ...]) -> list[str]:
    return list(dict.fromkeys(hub for link in links if (hub := hub_id(bom.parts[link.parent]))))


def _relation(part: BomPart) -> str:
    """How it derives, where all parents agree and the Hub has a word for it."""
    properties = load_vocabulary().properties
    words = {properties[link.relation].hub_word for link in weight_links(part)}
    return words.pop() if len(words) == 1 else ""


def _languages(part: BomPart, bom: Bom) -> list[str]:
    """ISO 639 codes of the languages that have one."""
    codes = {name: code for code, name in Locale("en").languages.items()}
    codes |= {name: code for code, name in Locale("ko").languages.items()}
    named = (bom.label(str(id)) for id in part.entity.values(LANGUAGE))
    return [codes[name] for name in named if name in codes]


def _license(part: BomPart, hub_tags: Mapping[str, str]) -> dict[str, str]:
    one = part.declared
    if one is None:
        return {}
    if tag := hub_tags.get(one.id):
        return {"license": tag}
    return {
        "license": "other",
        "license_name": slug_of(one.id),
        "license_link": web_address(one.url),
    }


# ---- text


@cache
def _words(lang: str) -> Mapping[str, str]:
    return {name: translate(verdict_word, lang=lang) for name, verdict_word in _WORDS.items()}


def _body(bom: Bom, lang: str) -> Iterator[str]:
    words, part = _words(lang), bom.parts[bom.root]
    yield f"# {escape_markdown(bom.label(bom.root))}"
    if said := describe(part.entity, lang):
        yield from ("", escape_markdown(said))
    yield from ("", f"## {words['genealogy']}", "")
    yield f"- {words['family']}: {_link(bom, base_families(bom)[1], escape_markdown(base_families_text(bom)))}"
    lost = [escape_markdown(unresolved_line(one).text(lang)) for one in part.unresolved]
    yield from _linked(words["from"], weight_links(part), bom, lang, lost)
    yield from _linked(words["data"], _data(part), bom, lang)
    yield from _terms(part, words, lang)
    yield from _disputes(part, words, lang)
    yield from ("", f"### {words['sources']}", "")
    names = {fact.property: _property(fact.property, lang) for fact in part.entity.facts}
    for source in part.sources:
        address = web_address(source.url) or iri(bom.base, source.id)
        read = f" ({words['read']} {source.date})" if source.date else ""
        yield f"1. [{escape_markdown(source.label)}](<{address}>){read}: {escape_markdown(source.places(names))}"
    yield from ("", f"{words['by']} [Gyebo](<{iri(bom.base, bom.root)}>). {words['advice']}")


def _linked(
    heading: str, links: tuple[BomLink, ...], bom: Bom, lang: str, lost: Sequence[str] = ()
) -> Iterator[str]:
    words = _words(lang)
    if not links and not lost:
        yield f"- {heading}: {words['not stated']}"
        return
    yield f"- {heading}:"
    for link in links:
        how = _property(link.relation, lang) if link.relation != TRAINED_ON else ""
        doubt = words["disputed"] if link.disputed else ""
        guess = Message("inferred by a rule: %(rule)s", rule=bom.label(link.rule)).text(lang)
        notes = ", ".join(filter(None, (how, doubt, escape_markdown(guess) if link.rule else "")))
        shown = _link(bom, link.parent, escape_markdown(bom.label(link.parent)))
        yield f"  - {shown}" + (f" ({notes})" if notes else "")
    yield from (f"  - {line}" for line in lost)


def _link(bom: Bom, id: str, text: str) -> str:
    known = bom.parts.get(id)
    address = (hub_page(known) if known else "") or iri(bom.base, id)
    return f"[{text}](<{address}>)"


def _terms(part: BomPart, words: Mapping[str, str], lang: str) -> Iterator[str]:
    declared = _named(part.declared, lang) if part.declared else words["not known"]
    held = ", ".join(_named(one, lang) for one in part.concluded or ()) or words["not known"]
    yield f"- {words['verdict']}: {words['declared']} {declared}; {words['concluded']}: {held}"
    for use, verdict in part.verdicts.items():
        yield f"  - {verdict_word(use, lang)}: **{verdict_word(verdict, lang)}**"


def _named(license: BomLicense, lang: str) -> str:
    """The name of a license, and how its text was read unless it was in full."""
    read = "" if license.read == "full" else f" ({words_in(lang)[f'read-{license.read}']})"
    return escape_markdown(license.label) + read


def _disputes(part: BomPart, words: Mapping[str, str], lang: str) -> Iterator[str]:
    names = [_property(fact.property, lang) for fact in part.entity.facts if fact.disputed]
    if names:
        yield f"- {words['disagree']}: {', '.join(names)}"


def _property(name: str, lang: str) -> str:
    return load_vocabulary().properties[name].term.labels.get(lang, name)

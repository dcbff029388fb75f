"""What each feature offers to the site, found by being there.

A module that has pages, sections or files of entities ends in a record, `FEATURE`; `create_app` finds
all of them and registers what they state. A page says what it is for beside its route:

    @bp.get("/trends")
    @site_page(menu=(MenuEntry(mark("Trends"), 30),), trends="/trends")
    def page() -> str: ...

So a new page is a module with its template and its messages, and no list of others knows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar, cast

from flask import Blueprint, Flask, current_app

from web.app.fields import Fields, state_fields
from web.ui.links import fixed_address
from web.ui.operations import Operation, operations_of
from web.ui.sections import EntityFile, Section

_View = TypeVar("_View", bound=Callable[..., Any])
_KEY = "page"  # attribute of a view
_EXTENSION = "gyebo.registry"
OF_ENTITIES = ("entities.entity", "releases.thing")  # whose pages are put together from sections
_STATES = re.compile(r"^FEATURE = ", re.MULTILINE)


@dataclass(frozen=True)
class MenuEntry:
    """A line of the main menu."""

    label: str  # English, marked for translation
    place: int  # among the others, from left to right
    parameters: Mapping[str, Any] = field(default_factory=dict)  # of its address


@dataclass(frozen=True, kw_only=True)
class PageEntry:
    """What a page states of itself."""

    # Parameters that make another page of it: they stand in its canonical address
    parameters: Sequence[str] = ()
    further: Sequence[str] = ()  # parameters that it reads and that make no other page of it
    menu: Sequence[MenuEntry] = ()
    in_sitemap: bool = False
    examples: Mapping[str, str] = field(default_factory=dict)  # addresses for the tests, by name


def site_page(
    *,
    parameters: Sequence[str] = (),
    further: Sequence[str] = (),
    menu: Sequence[MenuEntry] = (),
    in_sitemap: bool = False,
    **examples: str,
) -> Callable[[_View], _View]:
    """State what a view is as a page.

    Args:
        parameters: that make another page of it, in the order they stand in its canonical address.
        further: that it reads beside them.
        menu: its lines in the main menu.
        in_sitemap: whether it is listed there.
        examples: an address for each look it has, by a name; tests/pages.py reads them.
    """
    stated = PageEntry(
        parameters=parameters,
        further=further,
        menu=menu,
        in_sitemap=in_sitemap,
        examples=examples,
    )

    def state(view: _View) -> _View:
        vars(view)[_KEY] = stated
        return view

    return state


@dataclass(frozen=True, kw_only=True)
class Feature:
    """What a module offers to the site."""

    blueprint: Blueprint | None = None
    sections: Sequence[Section] = ()  # of the pages of entities, with their files


@dataclass(frozen=True, kw_only=True)
class Registry:
    """What all features of an application offer."""

    sections: Sequence[Section]
    files: Sequence[EntityFile]
    pages: Mapping[str, PageEntry]  # by endpoint
    operations: Sequence[Operation]


@cache
def find_features(folder: Path) -> Sequence[Feature]:
    """The features of all modules of a package, by the names of the modules.

    Only a module that says FEATURE is loaded, so that what belongs to the server alone is not.

    Args:
        folder: of the package.
    """
    paths = sorted(folder.rglob("*.py"))
    stating = [path for path in paths if _STATES.search(path.read_text(encoding="utf-8"))]
    names = [".".join(path.relative_to(folder.parent).with_suffix("").parts) for path in stating]
    return [cast(Feature, import_module(name).FEATURE) for name in names]


def register_features(app: Flask) -> None:
    """Give an application all that the features offer."""
    features = find_features(Path(app.root_path))
    for feature in features:
        if feature.blueprint is not None:
            app.register_blueprint(feature.blueprint)
    sections = [section for feature in features for section in feature.sections]
    files = [file for section in sections for file in section.files]
    views = app.view_functions
    pages = {name: vars(v)[_KEY] for name, v in views.items() if _KEY in getattr(v, "__dict__", ())}
    app.extensions[_EXTENSION] = Registry(
        sections=sections,
        files=files,
        pages=pages,
        operations=[
            *operations_of(views.values()),
            *(file.operation for file in files if file.operation),
        ],
    )
    state_fields(app, _fields(app, pages, sections))


def _fields(app: Flask, pages: Mapping[str, PageEntry], sections: Sequence[Section]) -> Fields:
    """The fields of addresses by endpoint: a page and its files take the same, and so do all below an entity."""
    found: dict[str, set[str]] = {}
    stems, free = {}, set()
    for rule in app.url_map.iter_rules():
        above, _, last = rule.rule.rpartition("/")
        stems[rule.endpoint] = stem = f"{above}/{last.partition('.')[0]}"
        page = pages.get(rule.endpoint)
        if page:
            found.setdefault(stem, set()).update(page.parameters, page.further)
        for stated in operations_of([app.view_functions[rule.endpoint]]):
            found.setdefault(stem, set()).update(stated.fields)
            if stated.takes_more:
                free.add(rule.endpoint)
    of_entities = {name for section in sections for name in section.fields}
    for endpoint in OF_ENTITIES:
        found[stems[endpoint]] |= of_entities
    return {
        endpoint: None if endpoint in free else frozenset(found[stem])
        for endpoint, stem in stems.items()
        if stem in found
    }


def registry(app: Flask | None = None) -> Registry:
    """What the features offer.

    Args:
        app: of this application; the running one by default.
    """
    return cast(Registry, (app or current_app).extensions[_EXTENSION])


def menu_entries() -> list[tuple[str, str]]:
    """The address and the English label of each line of the main menu."""
    found = [
        (entry.place, fixed_address(endpoint, **entry.parameters), entry.label)
        for endpoint, page in registry().pages.items()
        for entry in page.menu
    ]
    return [(address, label) for _, address, label in sorted(found)]

"""An operation of the JSON API, stated beside the route that answers it.

    @bp.get("/compare.json")
    @operation("compare", "/compare.json", mark("…"), CompareAnswer, example="/compare.json?id=…")
    def twin() -> Response: ...

`/openapi.json` and the page `/about/api` are made from these records (web/site/_openapi.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_args

from kg.model.vocabulary import load_vocabulary
from web.app.i18n import LANGS, mark
from web.app.negotiate import JSON

Schema = Mapping[str, Any]
_View = TypeVar("_View", bound=Callable[..., Any])
_KEY = "operation"  # attribute of a view

TEXT: Schema = {"type": "string"}
SOME_TEXT: Schema = {"type": "string", "minLength": 1}


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation."""

    name: str
    about: str
    schema: Schema = field(default_factory=lambda: TEXT)
    required: bool = False
    place: str = "query"

    @property
    def choices(self) -> Sequence[str]:
        """What it can be, if that is a short list."""
        return [str(c) for c in self.schema.get("enum", ())]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What programs can ask for."""

    name: str
    path: str
    about: str
    answer: Any  # its type, or a schema for what is no JSON of ours
    example: str  # an address that answers
    parameters: Sequence[Parameter] = ()
    media: Sequence[str] = (JSON,)
    leads: bool = False  # answers with a redirect
    takes_more: bool = False  # of a standard whose clients may send parameters of their own
    # Media type -> parameter that a body of it is, by POST
    bodies: Mapping[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> Sequence[str]:
        """The names of its parameters that stand in the query of an address."""
        return [one.name for one in self.parameters if one.place == "query"]


def operation(
    name: str,
    path: str,
    about: str,
    answer: Any,
    *,
    example: str,
    parameters: Sequence[Parameter] = (),
    media: Sequence[str] = (JSON,),
    leads: bool = False,
    takes_more: bool = False,
    bodies: Mapping[str, str] | None = None,
) -> Callable[[_View], _View]:
    """State which operation a view answers; the arguments are the fields of Operation."""
    stated = Operation(
        name=name,
        path=path,
        about=about,
        answer=answer,
        example=example,
        parameters=parameters,
        media=media,
        leads=leads,
        takes_more=takes_more,
        bodies=bodies or {},
    )

    def state(view: _View) -> _View:
        vars(view)[_KEY] = stated
        return view

    return state


def operations_of(views: Iterable[Callable[..., Any]]) -> list[Operation]:
    """The operations that views answer."""
    return [vars(view)[_KEY] for view in views if _KEY in getattr(view, "__dict__", ())]


# ---- schemas and parameters that several operations share ----


def one_of(values: object, default: str) -> Schema:
    """One of the values of a Literal type."""
    return {"type": "string", "enum": [*get_args(values)], "default": default}


def among(values: Iterable[str]) -> Schema:
    """One of some words."""
    return {"type": "string", "enum": [*values]}


def whole(least: int, most: int, default: int | None = None) -> Schema:
    """A whole number in a range."""
    found: dict[str, Any] = {"type": "integer", "minimum": least, "maximum": most}
    return found if default is None else found | {"default": default}


def many(least: int = 0, most: int = 20) -> Schema:
    """A parameter that may be repeated."""
    return {"type": "array", "items": {"type": "string"}, "minItems": least, "maxItems": most}


def id_parts(*kinds: str) -> tuple[Parameter, Parameter]:
    """The two parts of an id in a path.

    Args:
        kinds: of the entities it may name; all by default.
    """
    names = sorted(kinds or load_vocabulary().kinds)
    return (
        Parameter("kind", mark("kind of the entity"), among(names), True, "path"),
        Parameter(
            "slug", mark("rest of its id; percent-encode a slash in it"), SOME_TEXT, True, "path"
        ),
    )


LANGUAGE = Parameter("lang", mark("language of labels"), {**among(LANGS), "default": "en"})

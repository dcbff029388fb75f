"""License expressions such as `MIT OR Apache-2.0`, taken apart. Their parser takes long to load, and few ask for it."""

from __future__ import annotations

from collections.abc import Iterable

import license_expression as le


def split_expression(
    expression: str, symbols: Iterable[tuple[str, tuple[str, ...]]]
) -> list[list[str]]:
    """The alternatives of an expression, each the licenses that hold together.

    Args:
        expression: ids with AND, OR and brackets.
        symbols: each license that is known: its key, and other spellings without white space.

    Raises:
        ValueError: it is not an expression, or names a license that is not among the symbols.

    >>> split_expression("mit OR (a AND b)", [("MIT", ("mit",)), ("A", ()), ("B", ())])
    [['MIT'], ['A', 'B']]
    """
    licensing = le.Licensing([le.LicenseSymbol(key, aliases=names) for key, names in symbols])
    try:
        tree = licensing.dnf(licensing.parse(expression, validate=True))
    except le.ExpressionError as error:
        raise ValueError(str(error)) from error
    alternatives = tree.args if isinstance(tree, licensing.OR) else (tree,)
    return [list(licensing.license_keys(one)) for one in alternatives]

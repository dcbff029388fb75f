"""How templates are run: as Jinja runs them, with less work for each value and each call.

A page writes some three thousand values and makes a thousand calls. Jinja makes a Markup of each value before all are
joined, and looks at each function four times, whether it wants the context. The text of a page is the same
(tests/web/app/test_templates.py renders templates both ways); only a function that lets StopIteration out
is an error here, where Jinja shows nothing.
"""

from __future__ import annotations

from types import FunctionType
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context

from web.charts.svg import escaped

_WANTS = "jinja_pass_arg"  # the mark of a function that wants the context


def register(app: Flask) -> None:
    """Let an application run its templates so; before the first of them is asked for."""
    app.jinja_environment = TemplateEnvironment


class _Code(CodeGenerator):
    """A template as Python, where a value that is written is escaped by `escaped`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        plain = frame.eval_ctx.volatile or not frame.eval_ctx.autoescape
        if plain or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


class _Calls(Context):
    """The values of a template; a function that wants nothing of the context is called at once."""

    def call(self, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call something with arguments."""
        if type(obj) is not FunctionType or hasattr(obj, _WANTS):
            return super().call(obj, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return obj(*args, **kwargs)


class TemplateEnvironment(Environment):
    """Flask's environment of templates, run so."""

    code_generator_class = _Code
    context_class = _Calls
    escaped = staticmethod(escaped)

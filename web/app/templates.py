"""How templates are run: as Jinja runs them, with less work for each value and each call.

A page writes some three thousand values and makes a thousand calls. Jinja makes a Markup of each value before all are
joined, and looks at each function four times, whether it wants the context. The text of a page is the same
(tests/web/app/test_templates.py renders templates both ways); only a function that lets StopIteration out
is an error here, where Jinja shows nothing.

To compile them takes longer than all else before a server is ready, so what became of them is kept where Python keeps
bytecode, as long as the program is the same.
"""

from __future__ import annotations

import contextlib
import sys
from importlib.metadata import version
from importlib.util import cache_from_source
from pathlib import Path
from types import FunctionType
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import nodes
from jinja2.bccache import Bucket, FileSystemBytecodeCache
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro

from web.app.context import Site
from web.charts.svg import escaped

_KEPT = "template-"  # how the names of the files begin that hold compiled templates
_WANTS = "jinja_pass_arg"  # the mark of a function that wants the context


def register(app: Flask) -> None:
    """Let an application run its templates so; before the first of them is asked for."""
    app.jinja_environment = TemplateEnvironment
    site: Site = app.extensions["gyebo"]
    app.jinja_options = app.jinja_options | {"bytecode_cache": _CompiledTemplates(site.tag)}


class _CompiledTemplates(FileSystemBytecodeCache):
    """Compiled templates, of this program alone: code of it is folded into them.

    Args:
        tag: of the program.
    """

    def __init__(self, tag: str) -> None:
        self._start = f"{_KEPT}{tag}-{version('jinja2')}-"
        super().__init__(str(Path(cache_from_source(__file__)).parent), f"{self._start}%s.pyc")

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one, if bytecode is kept here and can be; those of another program go."""
        if sys.dont_write_bytecode:
            return
        with contextlib.suppress(OSError):
            for other in Path(self.directory).glob(f"{_KEPT}*"):
                if not other.name.startswith(self._start):
                    other.unlink(missing_ok=True)
            super().dump_bytecode(bucket)


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
        if type(obj) is Macro:
            args = (self.eval_ctx, *args)
        elif type(obj) is not FunctionType or hasattr(obj, _WANTS):
            return super().call(obj, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return obj(*args, **kwargs)


class TemplateEnvironment(Environment):
    """Flask's environment of templates, run so."""

    code_generator_class = _Code
    context_class = _Calls
    escaped = staticmethod(escaped)

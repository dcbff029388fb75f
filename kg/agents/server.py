"""The server of tools: the tables of this room put behind the protocol, which the SDK speaks.

Every call is answered on the newest snapshot, on a thread, as answers compute. What a user wrote wrong is an
answer of one line that says so (`isError`), so that a model can mend it; nothing is ever written.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import anyio
import anyio.to_thread
import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError

from kg.agents._arguments import language_of, read_arguments
from kg.agents._desk import AgentDesk, ToolCall
from kg.agents._prompts import LANGUAGE, PROMPTS
from kg.agents._resources import RESOURCES, SCHEME, read_address
from kg.agents._schemas import input_schema, output_schema
from kg.agents._tools import INSTRUCTIONS, TOOLS
from kg.answers.search import suggest
from kg.answers.show import tell_missing
from kg.config import Config
from kg.errors import KGError, UnknownId
from kg.messages.message import Message, translate
from kg.sparql.request import client_of
from kg.version import __version__

_T = TypeVar("_T")
_Context = ServerRequestContext[Any, Any]
_THREADS = 4  # answers at once; more only wait for the interpreter
_LONGEST_ERROR = 600  # characters; a name of many things lists them all
_READ_ONLY = {
    "read_only_hint": True,
    "destructive_hint": False,
    "idempotent_hint": True,
    "open_world_hint": False,
}


class AgentServer:
    """The tools, resources and prompts of one home folder.

    Args:
        config: where the snapshots are, and what a query may take.
        lang: language of titles, and of answers that ask for none.
        shared: whether clients come over the network, each with a share of the query processes.

    Raises:
        SnapshotError: there is no snapshot that this program can read.
    """

    def __init__(self, config: Config, lang: str = "en", *, shared: bool = False) -> None:
        self._desk = AgentDesk(config, lang, shared=shared)
        self._desk.holder.look()
        self._limiter: anyio.CapacityLimiter | None = None
        self.protocol = Server(
            "gyebo",
            version=__version__,
            title="Gyebo (계보)",
            description=Message(
                "What a language model is, where it comes from, and what may be done with it."
            ).text(lang),
            instructions=INSTRUCTIONS,
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
            on_list_resources=self._list_resources,
            on_list_resource_templates=self._list_templates,
            on_read_resource=self._read_resource,
            on_list_prompts=self._list_prompts,
            on_get_prompt=self._get_prompt,
            on_completion=self._complete,
        )

    def close(self) -> None:
        """Stop the query processes and give up the snapshot."""
        self._desk.close()

    # ---- tools

    async def _list_tools(self, ctx: _Context, params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[self._tool(name) for name in TOOLS])

    def _tool(self, name: str) -> types.Tool:
        tool = TOOLS[name]
        title = translate(tool.title, lang=self._desk.lang)
        return types.Tool(
            name=name,
            title=title,
            description=tool.description,
            input_schema=input_schema(tool.asked),
            output_schema=output_schema(tool.answer),
            annotations=types.ToolAnnotations(title=title, **_READ_ONLY),
        )

    async def _call_tool(
        self, ctx: _Context, params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        given = params.arguments or {}
        lang = language_of(given, self._desk.lang)
        try:
            return await self._on_thread(
                partial(self._answer, params.name, given, lang, _client(ctx))
            )
        except KGError as error:
            return types.CallToolResult(content=[_text(one_line(error, lang))], is_error=True)

    def _answer(
        self, name: str, given: dict[str, Any], lang: str, client: str
    ) -> types.CallToolResult:
        if name not in TOOLS:
            raise MCPError(
                types.INVALID_PARAMS,
                Message(
                    "there is no tool %(name)r; known: %(known)s", name=name[:60], known=list(TOOLS)
                ).text(lang),
            )
        tool = TOOLS[name]
        asked = read_arguments(given, tool.asked)
        with self._desk.holder.held() as snapshot:
            call = ToolCall(self._desk, snapshot, lang, client)
            try:
                told = tool.run(call, asked)
            except UnknownId as error:
                raise tell_missing(snapshot, error, lang) from error
        return types.CallToolResult(content=[_text(told.text)], structured_content=told.data)

    # ---- resources

    async def _list_resources(self, ctx: _Context, params: Any) -> types.ListResourcesResult:
        return types.ListResourcesResult(
            resources=[
                types.Resource(
                    uri=f"{SCHEME}{one.address}",
                    name=one.address,
                    title=translate(one.title, lang=self._desk.lang),
                    description=one.description,
                    mime_type=one.media_type,
                )
                for one in RESOURCES.values()
                if not one.parameter
            ]
        )

    async def _list_templates(
        self, ctx: _Context, params: Any
    ) -> types.ListResourceTemplatesResult:
        return types.ListResourceTemplatesResult(
            resource_templates=[
                types.ResourceTemplate(
                    uri_template=f"{SCHEME}{one.address}{{+{one.parameter}}}",
                    name=one.address.rstrip("/"),
                    title=translate(one.title, lang=self._desk.lang),
                    description=one.description,
                    mime_type=one.media_type,
                )
                for one in RESOURCES.values()
                if one.parameter
            ]
        )

    async def _read_resource(
        self, ctx: _Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        try:
            address = read_address(params.uri)
            lang = address.lang or self._desk.lang
            text = await self._on_thread(
                lambda: self._held(lang, lambda call: address.resource.read(call, address.name))
            )
        except KGError as error:
            raise MCPError(types.INVALID_PARAMS, one_line(error, self._desk.lang)) from error
        contents = types.TextResourceContents(
            uri=params.uri, mime_type=address.resource.media_type, text=text
        )
        return types.ReadResourceResult(contents=[contents])

    def _held(self, lang: str, read: Callable[[ToolCall], _T]) -> _T:
        with self._desk.holder.held() as snapshot:
            try:
                return read(ToolCall(self._desk, snapshot, lang))
            except UnknownId as error:
                raise tell_missing(snapshot, error, lang) from error

    # ---- prompts, and names that are being typed

    async def _list_prompts(self, ctx: _Context, params: Any) -> types.ListPromptsResult:
        lang = self._desk.lang
        return types.ListPromptsResult(
            prompts=[
                types.Prompt(
                    name=one.name,
                    title=translate(one.title, lang=lang),
                    description=translate(one.title, lang=lang),
                    arguments=[
                        types.PromptArgument(
                            name=field.name,
                            description=translate(field.description, lang=lang),
                            required=field.required,
                        )
                        for field in (*one.fields, LANGUAGE)
                    ],
                )
                for one in PROMPTS.values()
            ]
        )

    async def _get_prompt(
        self, ctx: _Context, params: types.GetPromptRequestParams
    ) -> types.GetPromptResult:
        given = params.arguments or {}
        lang = language_of(given, self._desk.lang)
        if params.name not in PROMPTS:
            told = Message(
                "there is no prompt %(name)r; known: %(known)s",
                name=params.name[:60],
                known=list(PROMPTS),
            )
            raise MCPError(types.INVALID_PARAMS, told.text(lang))
        prompt = PROMPTS[params.name]
        try:
            fields = {name: value for name, value in given.items() if name != LANGUAGE.name}
            text = prompt.filled(fields, lang)
        except KGError as error:
            raise MCPError(types.INVALID_PARAMS, one_line(error, lang)) from error
        message = types.PromptMessage(role="user", content=_text(text))
        return types.GetPromptResult(
            description=translate(prompt.title, lang=lang), messages=[message]
        )

    async def _complete(
        self, ctx: _Context, params: types.CompleteRequestParams
    ) -> types.CompleteResult:
        """Ids that a name being typed may become; of other arguments nothing is known."""
        if params.argument.name not in ("model", "id"):
            return types.CompleteResult(completion=types.Completion(values=[]))
        typed, lang = params.argument.value, self._desk.lang
        found = await self._on_thread(
            lambda: self._held(lang, lambda call: suggest(call.snapshot, typed, lang=lang))
        )
        ids = [one.id for one in found if one.kind == "model"]
        return types.CompleteResult(completion=types.Completion(values=ids))

    async def _on_thread(self, work: Callable[[], _T]) -> _T:
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(_THREADS)
        return await anyio.to_thread.run_sync(work, limiter=self._limiter)


def one_line(error: KGError, lang: str) -> str:
    """What went wrong, on one line that does not give back all that was sent."""
    text = " ".join(error.message.text(lang).split())
    return text if len(text) <= _LONGEST_ERROR else f"{text[:_LONGEST_ERROR]}…"


def _text(text: str) -> types.TextContent:
    return types.TextContent(type="text", text=text)


def _client(ctx: _Context) -> str:
    """Whose share a query takes from; "" over standard input."""
    peer = getattr(ctx.request, "client", None)
    return client_of(peer.host) if peer else ""

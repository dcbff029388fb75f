"""The three questions people come with, as prompts: which tools to call, in which order, what to say of doubts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kg.errors import InputError
from kg.messages.message import Message, mark

LONGEST = 1_000  # characters of an argument


class PromptField(NamedTuple):
    """What a prompt is filled with."""

    name: str
    description: str
    required: bool = True


class AgentPrompt(NamedTuple):
    """A question to start from."""

    name: str
    title: str
    fields: tuple[PromptField, ...]
    text: str  # with the fields as %(name)s

    def filled(self, given: Mapping[str, str], lang: str) -> str:
        """The question in a language.

        Raises:
            InputError: a field is missing, unknown, too long, or holds what no text does.
        """
        known = [field.name for field in self.fields]
        for name, value in given.items():
            if name not in known:
                raise InputError(
                    Message(
                        "there is no argument %(name)r; did you mean %(near)s?",
                        name=name[:60],
                        near=known,
                    )
                )
            if len(value) > LONGEST:
                raise InputError(
                    Message(
                        "the argument %(name)s is longer than %(most)s characters",
                        name=name,
                        most=LONGEST,
                    )
                )
            if not value.replace("\n", " ").replace("\t", " ").isprintable():
                raise InputError(Message("%(where)s holds control characters", where=name))
        if missing := [
            f.name for f in self.fields if f.required and not given.get(f.name, "").strip()
        ]:
            raise InputError(Message("the argument %(name)s is missing", name=missing[0]))
        not_said = Message("not said").text(lang)
        return Message(self.text, **{name: given.get(name) or not_said for name in known}).text(
            lang
        )


_MODEL = PromptField("model", mark("Name, id or Hub address of a model"))
_US = PromptField(
    "us", mark("Who you are: country, users a month, revenue a year, competitors"), False
)
LANGUAGE = PromptField("lang", mark("Language: en or ko"), False)  # of every prompt

_PROMPTS = (
    AgentPrompt(
        "identify",
        mark("What is it, and where does it come from?"),
        (_MODEL,),
        mark(
            "What is the language model “%(model)s”, and where does it come from?\n"
            "1. Call `show` with the name; if it is ambiguous or unknown, call `search` and say which one you took.\n"
            "2. Call `lineage` with direction=up, and with edges=data for what it learned from.\n"
            "Tell who made it, when, its size, its stated license, its parents back to the first, and its training data. "
            "Give a source with its address for each. Say plainly what is disputed, what a rule only guessed, which "
            "parents cannot be found, and what is not known."
        ),
    ),
    AgentPrompt(
        "may_we_use",
        mark("May we use it for this?"),
        (
            _MODEL,
            PromptField("purpose", mark("What it is to be used for")),
            _US,
        ),
        mark(
            "May we use the language model “%(model)s” for this purpose: %(purpose)s? About us: %(us)s.\n"
            "1. Choose `use`: commercial, redistribute, train-on-outputs or relicense; if several apply, ask each.\n"
            "2. Call `license` with it, and put into `profile` only what we said of ourselves.\n"
            "3. If we would change the model first, ask again with `planned`.\n"
            "Answer with the verdict first, then the clause that decides with its words and address, then everything we "
            "must do, then what would change the verdict, then what is not known. “conditional” is a yes only if we meet "
            "every condition: check each against what we said, and ask us where we said nothing. “unknown” and "
            "“contested” are no permission. Say once that this is not legal advice."
        ),
    ),
    AgentPrompt(
        "choose_base",
        mark("Which base should we choose?"),
        (
            PromptField(
                "task", mark("What the model is to do, in which languages, and how large it may be")
            ),
            PromptField("use", mark("How it is to be used and released"), False),
            _US,
        ),
        mark(
            "Which base model should we choose for this: %(task)s? Use and release: %(use)s. About us: %(us)s.\n"
            "1. Call `search` with the needs as words and filters (params:, lang:, access:open-weights, year:), once or twice.\n"
            "2. Take two to six candidates and call `compare` with the use and our profile.\n"
            "3. For the best two call `license` with `planned` (base, relation, the license we would release under).\n"
            "Recommend one and name the runner-up, with the reason, the verdict and its conditions, the ancestry, and the "
            "age of what is known. Give sources with addresses. Recommend none whose verdict is prohibited, unknown or "
            "contested without saying so first."
        ),
    ),
)
PROMPTS: Mapping[str, AgentPrompt] = {one.name: one for one in _PROMPTS}

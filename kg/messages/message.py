"""What the program says to people, in English and Korean.

A message is the English sentence with named places, `"there is no file or folder %(path)s"`, and what
goes into them. The sentence is also its key in translations/ko.po, so one English text has one Korean
text wherever it is said: on the command line, on a page, in JSON. `make messages` collects the sentences
from the calls of `Message`, `counted`, `mark` and the functions of web/app/i18n.py.

Names and labels of things are no messages (ontology/kg.ttl), nor is the wording of clauses (data/licenses).
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from kg.messages._catalog import read_catalog

LANGUAGES = {"en": "English", "ko": "한국어"}
VARIABLE = "GYEBO_LANG"  # of the environment: the language of the command line
TRANSLATIONS = Path(__file__).resolve().parent / "translations"

Texts: TypeAlias = Mapping[str, str]  # by language

_COMMANDING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True, init=False)
class Message:
    """A sentence with named places and what goes into them.

    `%(name)s` shows a number with its thousands set apart and a list with commas, `%(name)r` puts a text
    in quotes, `%(name)d` and `%(name)g` show a bare number. A place may hold another message.

    Args:
        id: the English sentence.
        args: texts, numbers, messages, or lists of these; anything else is taken as its text, of an
            error that carries a message that message, of any other what it says.

    >>> near = Message("no entity has the id %(id)r; did you mean %(near)s?", id="x", near=["a", "b"])
    >>> str(near)
    "no entity has the id 'x'; did you mean a, b?"
    >>> str(Message("the result is larger than %(limit)s rows", limit=10_000))
    'the result is larger than 10,000 rows'
    """

    id: str
    plural: str  # "" if the sentence is the same for every number
    args: tuple[tuple[str, Any], ...]

    def __init__(self, id: str, /, *, plural: str = "", **args: object) -> None:
        object.__setattr__(self, "id", id)
        object.__setattr__(self, "plural", plural)
        object.__setattr__(self, "args", tuple((k, _settled(v)) for k, v in args.items()))

    def text(self, lang: str = "en") -> str:
        """The sentence in a language of LANGUAGES."""
        args = dict(self.args)
        template = (
            translate(self.id, self.plural, args["num"], lang=lang)
            if self.plural
            else (translate(self.id, lang=lang))
        )
        return printable(fill(template, {k: _shown(v, lang) for k, v in args.items()}, lang))

    def __str__(self) -> str:
        return self.text()


def environment_language(environ: Mapping[str, str] = os.environ) -> str:
    """The language that the variable GYEBO_LANG names, English if it names none of ours."""
    lang = environ.get(VARIABLE, "")
    return lang if lang in LANGUAGES else "en"


def counted(singular: str, plural: str, num: int, **args: object) -> Message:
    """A message that depends on a number, which is in it as `%(num)s`.

    >>> str(counted("%(num)s check failed", "%(num)s checks failed", 1200))
    '1,200 checks failed'
    """
    return Message(singular, plural=plural, num=num, **args)


def mark(message: str) -> str:
    """A sentence or word that `translate` is given later."""
    return message


def translate(message: str, plural: str = "", num: int = 1, *, lang: str) -> str:
    """A sentence in a language, its places not filled; in English where it has no translation."""
    english = plural if plural and num != 1 else message
    return catalog(lang).get(message, english)


def translate_all(message: str) -> Texts:
    """A sentence in every language."""
    return {lang: translate(message, lang=lang) for lang in LANGUAGES}


def fill(template: str, args: Mapping[str, object], lang: str) -> str:
    """A translated sentence with its places filled; in Korean with the particles that suit them."""
    text = template % args if args else template
    return particles(text) if lang == "ko" else text


def printable(text: str) -> str:
    r"""A text without what would command a terminal: what is quoted may be a stranger's.

    >>> printable("\x1b[31mred\x07"), printable("two\nlines")
    ('�[31mred�', 'two\nlines')
    """
    return text if text.isprintable() else _COMMANDING.sub("�", text)


@cache
def catalog(lang: str) -> Mapping[str, str]:
    """The sentences of a language by the English; of a plural its only form, for Korean has no other."""
    path = TRANSLATIONS / f"{lang}.po"
    return read_catalog(path.read_text("utf-8")) if path.exists() else {}


# ---- what others say

# What the system says most often when it refuses a file or a connection.
_REASONS = {
    errno.ENOENT: mark("No such file or directory"),
    errno.EACCES: mark("Permission denied"),
    errno.EPERM: mark("Operation not permitted"),
    errno.EISDIR: mark("Is a directory"),
    errno.ENOTDIR: mark("Not a directory"),
    errno.EEXIST: mark("File exists"),
    errno.ENOSPC: mark("No space left on device"),
    errno.EROFS: mark("Read-only file system"),
    errno.ENAMETOOLONG: mark("File name too long"),
    errno.ECONNREFUSED: mark("Connection refused"),
    errno.ECONNRESET: mark("Connection reset by peer"),
}


# What msgspec says of JSON and libyaml of YAML, where somebody typed or pasted it wrong.
_PARSERS = frozenset(
    {
        mark("Input data was truncated"),
        mark("invalid character"),
        mark("invalid number"),
        mark("invalid escape character in string"),
        mark("object keys must be strings"),
        mark("trailing characters"),
        mark("trailing comma in array"),
        mark("trailing comma in object"),
        mark("expected ':'"),
        mark("expected ',' or ']'"),
        mark("expected ',' or '}'"),
        mark("mapping values are not allowed in this context"),
        mark("did not find expected ',' or ']'"),
        mark("did not find expected ',' or '}'"),
        mark("did not find expected '-' indicator"),
        mark("did not find expected key"),
        mark("did not find expected node content"),
        mark("could not find expected ':'"),
        mark("found character that cannot start any token"),
        mark("found unexpected end of stream"),
        mark("found undefined alias"),
    }
)
_MALFORMED = re.compile(r"JSON is malformed: (.+) \(byte (\d+)\)")


def parser_reason(said: str) -> Message:
    """What a parser says of a text that it cannot read, in our words where we know them.

    >>> parser_reason("JSON is malformed: trailing characters (byte 3)").text("ko")
    '문서가 끝난 뒤에 글자가 더 있음(3바이트째)'
    """
    if found := _MALFORMED.fullmatch(said):
        return Message("%(what)s (byte %(place)s)", what=parser_reason(found[1]), place=found[2])
    return Message(said) if said in _PARSERS else Message("%(error)s", error=said)


def reason_of(error: BaseException) -> Message:
    """Why something failed that another library tried: in our words where we know it, else in its own."""
    carried = getattr(error, "message", None)
    if isinstance(carried, Message):  # an error of ours
        return carried
    if isinstance(error, UnicodeDecodeError):
        return Message("it is not UTF-8 text (byte %(place)s)", place=error.start)
    if isinstance(error, OSError) and error.errno in _REASONS:
        return Message(_REASONS[error.errno])
    return parser_reason(str(getattr(error, "strerror", None) or error))


# ---- what stands in the places


class _Number(int):
    """A number that `%s` shows with its thousands set apart, and `%d` bare."""

    def __str__(self) -> str:
        return f"{int(self):,}"


def _settled(value: object) -> Any:
    """A value that cannot change any more."""
    if isinstance(value, str | int | float | Message):
        return value
    if isinstance(value, Exception):
        carried = getattr(value, "message", None)
        return carried if isinstance(carried, Message) else parser_reason(str(value))
    if isinstance(value, Iterable) and not isinstance(value, Path):
        return tuple(map(_settled, value))
    return str(value)


def _shown(value: Any, lang: str) -> Any:
    if isinstance(value, Message):
        return value.text(lang)
    if isinstance(value, tuple):
        return ", ".join(str(_shown(one, lang)) for one in value)
    return _Number(value) if type(value) is int else value


# ---- between processes


def pack_message(message: Message) -> dict[str, Any]:
    """A message as plain data, for another process.

    >>> inner = Message("too much: %(num)s", num=3)
    >>> unpack_message(pack_message(Message("%(a)s", a=[inner, "b"]))) == Message("%(a)s", a=[inner, "b"])
    True
    """
    args = {name: _packed(value) for name, value in message.args}
    return {"message": message.id, "plural": message.plural, "args": args}


def _packed(value: Any) -> Any:
    if isinstance(value, Message):
        return pack_message(value)
    return [_packed(one) for one in value] if isinstance(value, tuple) else value


def unpack_message(data: Mapping[str, Any]) -> Message:
    """The message that `pack_message` took apart."""
    id, plural = data["message"], data["plural"]
    return Message(id, plural=plural, **{k: _unpacked(v) for k, v in data["args"].items()})


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        return unpack_message(value)
    return [_unpacked(one) for one in value] if isinstance(value, list) else value


# ---- Korean particles

# They depend on the last sound: written for both, the one after a consonant first.
_PARTICLE = re.compile(
    r"([가-힣A-Za-z\d])([”\"’')]?)(\(으\)로|을\(를\)|와\(과\)|이\(가\)|은\(는\))", re.ASCII
)
_CHOICE = {
    "(으)로": ("으로", "로"),
    "을(를)": ("을", "를"),
    "와(과)": ("과", "와"),
    "이(가)": ("이", "가"),
    "은(는)": ("은", "는"),
}
_FIRST, _TAILS, _RIEUL = ord("가"), 28, 8
# Letters and digits that end in the same sound whether read as in English or in Korean, alone or in a word.
_OPEN, _CLOSED, _LIQUID = frozenset("aiouy245"), frozenset("mn"), "l"
_SEVERAL = frozenset("178")  # close, but some readings with ㄹ and some without


def particles(sentence: str) -> str:
    """A Korean sentence with each particle in the form that suits what stands before it.

    Where a name of another script is read in several ways, both forms stay.

    >>> particles("네이버와(과) 경쟁, 10억 엔을(를) 넘으면, “라마”(으)로 시작")
    '네이버와 경쟁, 10억 엔을 넘으면, “라마”로 시작'
    >>> particles("“Llama”(으)로, Qwen이(가), GPT-4은(는), BERT을(를), Llama 3.1(으)로")
    '“Llama”로, Qwen이, GPT-4는, BERT을(를), Llama 3.1(으)로'
    """
    return _PARTICLE.sub(_chosen, sentence) if "(" in sentence else sentence


def _chosen(match: re.Match[str]) -> str:
    before, quote, particle = match.groups()
    after_consonant, after_vowel = _CHOICE[particle]
    towards, last = particle == "(으)로", before.lower()
    if before >= "가":
        final = (ord(before) - _FIRST) % _TAILS
        vowel = final == 0 or (towards and final == _RIEUL)  # 로 follows ㄹ too
    elif last in _OPEN or last == _LIQUID or last in _CLOSED or (last in _SEVERAL and not towards):
        vowel = last in _OPEN or (towards and last == _LIQUID)
    else:
        return match[0]
    return before + quote + (after_vowel if vowel else after_consonant)

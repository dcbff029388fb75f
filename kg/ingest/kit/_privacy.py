"""What is never stored of strangers' texts: e-mail addresses and names of home folders."""

from __future__ import annotations

import re

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_HOME = re.compile(r"(?i)((?:/home|/users|\\users|/root|/mnt|/data|/workspace|/content)[/\\])\S+")


def redact(text: str) -> str:
    """A text without e-mail addresses and without what follows a home folder.

    >>> redact("ask a.b@c.org; made from /home/kim/models/x on 2024-05-01")
    'ask (e-mail); made from /home/(path) on 2024-05-01'
    """
    if "@" in text:
        text = _MAIL.sub("(e-mail)", text)
    if "/" in text or "\\" in text:
        text = _HOME.sub(r"\1(path)", text)
    return text

"""Markdown as a Word document, by pandoc where it is present.

pandoc runs in its own sandbox, reads CommonMark without raw HTML, and is given a fixed time, so that the same
document gives the same bytes.
"""

from __future__ import annotations

import os
import shutil
import subprocess

from kg.errors import KGError, NotInstalled
from kg.messages.message import Message

_COMMAND = ("--sandbox", "--from=commonmark", "--to=docx", "--output=-")
_SECONDS = 60
_EPOCH = "315532800"  # 1980-01-01, the first day that an archive can hold


def word_document(markdown: str) -> bytes:
    """A Word document (docx).

    Args:
        markdown: CommonMark.

    Raises:
        NotInstalled: pandoc is not installed.
        KGError: pandoc failed.
    """
    program = shutil.which("pandoc")
    if program is None:
        raise NotInstalled(
            Message("Word documents"), "pandoc", Message("install pandoc (https://pandoc.org)")
        )
    try:
        done = subprocess.run(
            [program, *_COMMAND],
            input=markdown.encode(),
            capture_output=True,
            timeout=_SECONDS,
            check=True,
            env={**os.environ, "SOURCE_DATE_EPOCH": _EPOCH},
        )
    except subprocess.TimeoutExpired as error:
        raise KGError(
            Message("pandoc did not end within %(seconds)s seconds", seconds=_SECONDS)
        ) from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()
        raise KGError(
            Message("pandoc failed: %(why)s", why=said[0] if said else error.returncode)
        ) from error
    return done.stdout

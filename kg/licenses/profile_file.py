"""A profile of who asks about a license, read from a file."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from kg.errors import InputError
from kg.files.intake import require_file
from kg.files.yaml import read_yaml
from kg.licenses.profile import Profile, checked
from kg.messages.message import Message, reason_of


def read_profile(path: Path) -> Profile:
    """Read a profile from a TOML, JSON or YAML file.

    Raises:
        InputError: it cannot be read, or has a field no clause asks for.
    """
    require_file(path)
    try:
        match path.suffix.lower():
            case ".toml":
                data: Any = tomllib.loads(path.read_text(encoding="utf-8-sig"))
            case ".json":
                data = json.loads(path.read_text(encoding="utf-8-sig"))
            case ".yaml" | ".yml":
                data = read_yaml(path).data
            case _:
                raise InputError(
                    Message("%(path)s: a profile is a .toml, .json or .yaml file", path=path)
                )
        return checked(msgspec.convert(data or {}, Profile))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise InputError(
            Message("%(path)s is not a profile: %(why)s", path=path, why=reason_of(error))
        ) from error

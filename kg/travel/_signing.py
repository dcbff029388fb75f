"""Who published a release: a signature of Ed25519 over its pointer.

A pointer names its list by its checksum, and the list every part by its own; so one signature vouches for every byte, and for the
moment at which it was offered. The keys are files of PEM, as `openssl genpkey -algorithm ed25519` writes them: the private one stands
where releases are published, the public one where they are taken.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kg.errors import ConfigError, NotInstalled, TransferFailed
from kg.messages.message import Message, reason_of
from kg.travel._lists import Pointer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )


def read_private_key(key: Path) -> Ed25519PrivateKey:
    """The key in a file.

    Raises:
        ConfigError: there is none, or one with a password.
        NotInstalled: `cryptography` is not there.
    """
    data = _read(key)
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        found = load_pem_private_key(data, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:  # TypeError: it has a password
        raise _no_key(key) from error
    if not isinstance(found, Ed25519PrivateKey):
        raise _no_key(key)
    return found


def sign(pointer: Pointer, key: Ed25519PrivateKey) -> Pointer:
    """A pointer with its signature; the same pointer and key give the same, whatever signature it has."""
    return msgspec.structs.replace(pointer, signature=key.sign(_said(pointer)).hex())


def refuse_stranger(place: str, pointer: Pointer, key: Path) -> None:
    """Refuse what nobody signed who has the private key.

    Args:
        place: the storage, as it is told.
        pointer: what stands there.
        key: file of the public key.

    Raises:
        ConfigError: it holds none.
        NotInstalled: `cryptography` is not there.
        TransferFailed: the pointer has no signature, or another's.
    """
    public = _public(key)
    from cryptography.exceptions import InvalidSignature

    try:
        public.verify(bytes.fromhex(pointer.signature), _said(pointer))
    except (ValueError, InvalidSignature) as error:
        why = Message(
            "what it offers is not signed by the key %(file)s; nothing was switched", file=key
        )
        raise TransferFailed(place, why) from error


def _said(pointer: Pointer) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(pointer, signature=""))


def _public(key: Path) -> Ed25519PublicKey:
    data = _read(key)
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        found = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _no_key(key) from error
    if not isinstance(found, Ed25519PublicKey):
        raise _no_key(key)
    return found


def _read(key: Path) -> bytes:
    """The bytes of a key, where there is what reads it."""
    if find_spec("cryptography") is None:
        raise NotInstalled(Message("signatures of releases"), "signed")
    try:
        return key.read_bytes()
    except OSError as error:
        raise ConfigError(Message("%(file)s: %(why)s", file=key, why=reason_of(error))) from error


def _no_key(key: Path) -> ConfigError:
    return ConfigError(
        Message(
            "%(file)s is no key of Ed25519 in PEM without a password, or not the right one of the two: the private "
            "one signs what is published, by the public one it is known",
            file=key,
        )
    )

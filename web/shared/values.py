"""Values that one node has made and others may take, if they are whole and signed by one of the nodes.

    gyebo:1:page:<name>     signature (32 bytes), then the value

The name is a keyed digest of all that the value follows from, so it tells nothing of what was asked, and equal
questions of another program, release or setting have another name. The signature (HMAC-SHA-256) is over name and
value: one that was changed, cut off, made by a stranger or moved to another name is refused. Both keys come of a
secret that the nodes know and the server does not. A value lives for an hour at most.
"""

from __future__ import annotations

import hmac
from typing import Any

from web.shared.server import SharedServer, count

MOST = 1_000_000  # bytes of a value
SECONDS = 3600  # that it lives
_SIGNATURE = 32  # bytes
_FORM = b"gyebo:1"  # raise it when what is written changes


class SharedValues:
    """The values; safe to use from several threads.

    Args:
        server: where they are.
        secret: what the nodes know.
        maker: the program and its settings; only values of the same are taken.
    """

    def __init__(self, server: SharedServer, secret: str, maker: str) -> None:
        self._server, self._maker = server, maker.encode()
        self._names, self._signatures = (
            hmac.digest(secret.encode(), _FORM + purpose, "sha256") for purpose in (b"n", b"s")
        )

    def get(self, what: str, release: str, question: bytes) -> bytes | None:
        """A value, if there is one that a node signed.

        Args:
            what: the kind of value, a word.
            release: that it follows from.
            question: a digest of the rest.
        """
        name = self._name(what, release, question)

        def fetch(client: Any) -> object:
            return client.getrange(name, 0, MOST + _SIGNATURE)  # one byte more than may be

        found = self._server.ask(what, fetch)
        if found is None:
            return None
        if found == b"":
            count(what, "miss")
            return None
        if not isinstance(found, bytes) or not _SIGNATURE < len(found) <= MOST + _SIGNATURE:
            self._server.complain(what, "it is no value of ours")
            return None
        signature, value = found[:_SIGNATURE], found[_SIGNATURE:]
        if not hmac.compare_digest(signature, self._sign(name, value)):
            self._server.complain(what, "no node signed it")
            return None
        count(what, "hit")
        return value

    def put(self, what: str, release: str, question: bytes, value: bytes) -> None:
        """Let other nodes have a value, in a while; what is too long stays here.

        Args:
            what, release, question: as of `get`.
            value: the bytes.
        """
        if len(value) > MOST:
            count(what, "dropped")
            return
        name = self._name(what, release, question)
        signed = self._sign(name, value) + value
        self._server.tell(what, lambda client: client.set(name, signed, ex=SECONDS))

    def _name(self, what: str, release: str, question: bytes) -> bytes:
        parts = b"\n".join((self._maker, release.encode(), question))
        return b"%b:%b:%b" % (
            _FORM,
            what.encode(),
            hmac.digest(self._names, parts, "sha256").hex()[:40].encode(),
        )

    def _sign(self, name: bytes, value: bytes) -> bytes:
        return hmac.digest(self._signatures, name + b"\n" + value, "sha256")

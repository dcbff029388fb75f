"""Accounts of clients that all nodes charge: how long until the share of a client is full again.

    gyebo:1:share:<name>    empty; it lives exactly until the share is full

The account is the time that the key has left, so that no value has to be believed, the server's clock alone counts, and
what is paid off is forgotten by itself. The name is a keyed digest of the client's address. A time that no node
can have written is not believed: then the node's own account decides.
"""

from __future__ import annotations

import hmac
import math
from typing import Any

from web.shared.server import SharedServer, count

MOST = 3600.0  # seconds that an account can be in debt
_WHAT = "share"
_FORM = b"gyebo:1:share:%b"
_ADD = """
local left, most = redis.call('PTTL', KEYS[1]), tonumber(ARGV[2])
if left < 0 or left > most then left = 0 end
left = math.min(left + tonumber(ARGV[1]), most)
redis.call('SET', KEYS[1], '', 'PX', string.format('%d', left))
return left
"""


class SharedLedger:
    """The accounts; safe to use from several threads.

    Args:
        server: where they are.
        secret: what the nodes know; without one a name can be guessed from an address.
        site: whose clients they are, as several sites may use one server.
    """

    def __init__(self, server: SharedServer, secret: str, site: str) -> None:
        self._server = server
        self._names = hmac.digest(secret.encode() or b"gyebo", b"share" + site.encode(), "sha256")

    def debt(self, client: str) -> float | None:
        """Seconds until the share of a client is full again; None if that cannot be known now."""
        name = self._name(client)
        left = self._server.ask(_WHAT, lambda connection: connection.pttl(name))
        if left is None:
            return None
        if left == -2:  # there is no such key
            count(_WHAT, "miss")
            return 0.0
        if not isinstance(left, int) or not 0 <= left <= MOST * 1000:
            self._server.complain(_WHAT, "no account lasts so long")
            return None
        count(_WHAT, "hit")
        return left / 1000

    def charge(self, client: str, seconds: float) -> None:
        """Let it take longer until the share of a client is full again."""
        name, more = self._name(client), math.ceil(seconds * 1000)
        if more <= 0:
            return

        def add(connection: Any) -> object:
            return connection.eval(_ADD, 1, name, more, int(MOST * 1000))

        self._server.tell(_WHAT, add)

    def _name(self, client: str) -> bytes:
        digest = hmac.digest(self._names, client.encode("utf-8", "surrogatepass"), "sha256")
        return _FORM % digest.hex()[:40].encode()

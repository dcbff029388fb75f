"""What this node shares with others, as its settings say: nothing, accounts of clients, or pages as well."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import asdict
from typing import Literal, NamedTuple

from kg.config import Config
from web.shared.ledger import SharedLedger
from web.shared.server import SharedServer
from web.shared.values import SharedValues

log = logging.getLogger(__name__)

# Settings that no answer follows from, or that are secret; nodes may differ in them and still share pages.
_OF_A_NODE = {
    *("home", "workers", "build_workers", "build_cache_mb", "page_cache_mb", "log", "metrics"),
    *("proxies", "proxy_networks", "sparql_workers", "sparql_queue", "shared", "shared_secret"),
    *("poll_seconds", "scheduler"),
}


class NodeSharing(NamedTuple):
    """What is shared."""

    server: SharedServer | None = None
    values: SharedValues | None = None
    ledger: SharedLedger | None = None

    @property
    def state(self) -> Literal["off", "on", "away"]:
        """off: nothing is shared; on; away: the server does not answer, and the node goes on by itself."""
        if not self.server:
            return "off"
        return "on" if self.server.up else "away"

    def close(self) -> None:
        """Close the connections."""
        if self.server:
            self.server.close()


def open_sharing(config: Config, program: str) -> NodeSharing:
    """What the settings ask for; nothing is connected yet.

    Args:
        config: `shared` and `shared_secret`.
        program: changes with the program; only pages of the same are taken.

    Raises:
        NotInstalled: the client of the server is not there.
    """
    if not config.shared:
        return NodeSharing()
    server = SharedServer(config.shared)
    ledger = SharedLedger(server, config.shared_secret, config.base)
    if not config.shared_secret:
        log.warning(
            "pages are not shared: set GYEBO_SHARED_SECRET, so that none is taken that no node has signed"
        )
        return NodeSharing(server, None, ledger)
    said = {name: value for name, value in asdict(config).items() if name not in _OF_A_NODE}
    maker = hashlib.sha256(repr([program, sorted(said.items())]).encode()).hexdigest()
    return NodeSharing(server, SharedValues(server, config.shared_secret, maker), ledger)

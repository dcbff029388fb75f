"""What a balancer costs: nodes asked directly, and through Debian's nginx as deploy/nginx sets it up.

On two cores, which nodes, nginx and whoever asks have together, three nodes give no more than one. What the balancer takes is told
all the same: CPU of nginx for a request beside that of the node, and requests a second with it and without it.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.ground import Ground
from tests.bench.measure import NotInstalled, cpu_of
from tests.bench.report import Measured
from tests.bench.servers import Load, Server, gyebo, load, serving
from tests.bench.serving import SECONDS, ask_once, routes
from tests.hold.nodes import write_balancer

NODES = 3
TURNS = 3  # of each, one after the other, as the machine is never equally busy
ROUTES = ("model JSON", "model page", "SPARQL point")


def node_rows(ground: Ground) -> Iterator[Measured]:
    """One node, the same behind nginx, and three behind nginx."""
    program = shutil.which("nginx")
    if not program:
        raise NotInstalled("nginx is not installed (Debian: nginx-light)")
    size, asked = ground.size, routes(ground)
    with contextlib.ExitStack() as stack:
        nodes = [
            stack.enter_context(gyebo(ground.home(), 1, GYEBO_PROXIES="1")) for _ in range(NODES)
        ]
        one = stack.enter_context(balancer(program, nodes[:1]))
        all = stack.enter_context(balancer(program, nodes))
        for name in ROUTES:
            route = asked[name]
            for server in (*nodes, one, all):
                ask_once(server, route, 8 * NODES)
            direct, through, three, spent = [], [], [], []
            for _ in range(TURNS):
                direct.append(load(nodes[0], route.again, route.headers, 200, SECONDS))
                before = cpu_of(nodes[0].session)
                through.append(load(one, route.again, route.headers, 200, SECONDS))
                spent.append((cpu_of(nodes[0].session) - before) * 1e3 / asked_in(through[-1]))
                three.append(load(all, route.again, route.headers, 200, SECONDS))
            best, behind = max(direct), max(through)
            nginx = min(one.cpu for one in through)
            yield Measured(f"{name}: one node", best.rate, "/s", size, best.client)
            yield Measured(f"{name}: one node behind nginx", behind.rate, "/s", size)
            yield Measured(f"{name}: three nodes behind nginx", max(three).rate, "/s", size)
            yield Measured(f"{name}: CPU of the node", min(spent), "ms", size)
            yield Measured(f"{name}: CPU of nginx", nginx, "ms", size)
            yield Measured(f"{name}: nginx against the node, CPU", nginx / min(spent), "×", size)


def asked_in(found: Load) -> float:
    """How many requests a load was."""
    return found.rate * SECONDS


@contextlib.contextmanager
def balancer(program: str, nodes: Sequence[Server]) -> Iterator[Server]:
    """nginx before some nodes."""
    with tempfile.TemporaryDirectory(prefix="gyebo-nginx-") as folder:
        place = Path(folder)
        write_balancer(place, [node.address for node in nodes], "PORT")
        # The port is chosen when the server is started, so a shell puts it where nginx reads it.
        script = 'sed -i "s/PORT/$1/" gyebo.conf && exec "$2" -p "$PWD" -c "$PWD/nginx.conf"'
        with serving(["sh", "-c", script, "sh", "{port}", program], "/-/health", place) as server:
            yield server

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
from tests.bench.measure import NotInstalled
from tests.bench.report import Measured
from tests.bench.servers import Server, gyebo, load, serving
from tests.bench.serving import ask_once, routes
from tests.hold.nodes import write_balancer

NODES = 3
# With few connections a node wakes for each request, which costs it more than nginx does.
CONNECTIONS = 16
TURNS, SECONDS = 8, 2.0  # of each, one after the other, as the machine is never equally busy
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
            # By its address nginx is asked, by its session the node behind it is measured.
            behind = Server(one.address, nodes[0].session, 0.0)
            turns = [
                [
                    load(server, route.again, route.headers, 200, SECONDS, CONNECTIONS)
                    for server in servers
                ]
                for servers in [(nodes[0], behind, one, all)] * TURNS
            ]
            asked_itself, node, nginx, three = map(list, zip(*turns, strict=True))
            alone, passed, spent = (
                min(one.cpu for one in got) for got in (asked_itself, node, nginx)
            )
            best = max(asked_itself)
            yield Measured(f"{name}: one node", best.rate, "/s", size, best.client)
            yield Measured(f"{name}: one node behind nginx", max(node + nginx).rate, "/s", size)
            yield Measured(f"{name}: three nodes behind nginx", max(three).rate, "/s", size)
            yield Measured(f"{name}: CPU of the node, asked itself", alone, "ms", size)
            yield Measured(f"{name}: CPU of the node, behind nginx", passed, "ms", size)
            yield Measured(f"{name}: CPU of nginx", spent, "ms", size)
            yield Measured(f"{name}: nginx against the node, CPU", spent / alone, "×", size)
            both = (passed + spent) / alone
            yield Measured(f"{name}: with nginx against without, CPU", both, "×", size)


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

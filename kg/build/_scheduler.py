"""Who answers at the address of a scheduler, found out within bounds.

A client of Dask waits without end for somebody who says nothing, and takes whatever bytes come for sizes and pickles.
"""

from __future__ import annotations

from typing import Any

from kg.errors import BuildError
from kg.messages.message import Message, reason_of

REACHED = 10.0  # seconds within which a scheduler answers


def greet_scheduler(address: str) -> None:
    """Ask who is there.

    Args:
        address: tcp://HOST:PORT or tls://.

    Raises:
        BuildError: nobody, or no scheduler.
    """
    import asyncio  # slow to load, and no other build needs either

    from distributed import Security, rpc

    async def ask() -> Any:
        security = Security().get_connection_args("client")
        async with rpc(address, timeout=REACHED, connection_args=security) as there:
            return await there.identity()

    stranger = Message("what answers there is no scheduler of Dask")
    try:
        told = asyncio.run(asyncio.wait_for(ask(), REACHED))
    except TimeoutError as error:
        silence = Message("it says nothing for %(seconds)s seconds", seconds=round(REACHED))
        raise unreached(address, silence) from error
    except OSError as error:
        raise unreached(address, reason_of(error)) from error
    except Exception as error:  # whatever its bytes did to the reader
        raise unreached(address, stranger) from error
    if not isinstance(told, dict) or told.get("type") != "Scheduler":
        raise unreached(address, stranger)


def unreached(address: str, why: Message) -> BuildError:
    """What is told of an address at which no scheduler was found."""
    return BuildError(
        Message(
            "no scheduler answers at %(address)s: %(why)s; nothing was built",
            address=address,
            why=why,
        )
    )

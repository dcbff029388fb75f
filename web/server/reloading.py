"""gunicorn with settings that can be read again: SIGHUP starts new processes with them, and lets the old ones end.

gunicorn itself ends when a new process cannot start, so settings that are wrong would stop the site: they are tried before,
and where they are wrong the old ones stay. `gyebo serve` calls `load_site`, or, after a build, runs `python -m
web.server.reloading`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.arbiter import Arbiter

from kg.config import load_config
from kg.errors import ConfigError
from web.server._following import Following
from web.server.startup import load_rest

_PROGRAM = "gyebo serve"


class ReloadingArbiter(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """Starts and ends the processes: those that serve, and one that looks for another release where there is one to look at."""

    def __init__(self, app: WSGIApplication) -> None:
        self._following = Following()
        super().__init__(app)

    def manage_workers(self) -> None:
        """Keep as many processes as there should be; called about once a second."""
        super().manage_workers()
        self._following.keep()

    def stop(self, graceful: bool = True) -> None:
        """End them all."""
        self._following.end()
        super().stop(graceful)

    def reload(self) -> None:
        """Read the settings again, and look for another release; where settings are wrong, say so and go on with those there are."""
        self._following.tell()
        try:
            load_config()
        except ConfigError as error:
            self.log.error("the settings are as before: %s", error)
            return
        # It is loaded before processes are forked: anew, with the new settings
        self.app.callable = None
        super().reload()


class ReloadableSite(WSGIApplication):  # type: ignore[misc]
    """What gunicorn is told on its command line, with as many processes as the settings say."""

    def load_config(self) -> None:
        """Read the command line, and the settings beside it."""
        super().load_config()
        self.cfg.set("workers", load_config().workers)

    def run(self) -> None:
        """Serve until told to end."""
        ReloadingArbiter(self).run()


def load_site(arguments: Sequence[str]) -> ReloadableSite:
    """The site, loaded and not yet served; its `run` serves it in this process until told to end.

    Args:
        arguments: as of gunicorn's command line.
    """
    sys.argv = [_PROGRAM, *arguments]  # where gunicorn reads them
    site = ReloadableSite("%(prog)s [OPTIONS] APP", prog=_PROGRAM)
    load_rest(site.wsgi())
    return site


if __name__ == "__main__":
    load_site(sys.argv[1:]).run()

"""Configuration: one frozen value, read once at the edge: gyebo.toml < GYEBO_* < flags."""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from kg.errors import ConfigError
from kg.messages.message import Message, mark, reason_of
from kg.paths import CHECKOUT, SHARE

CONFIG_FILE = Path("gyebo.toml")  # in the folder in which the program runs
SCAN_TABLE = "scan"  # of the same file: what `gyebo scan` reads, no setting of the program
FOLLOWED = "GYEBO_FROM"  # storage whose releases are served; no setting: it may hold a password
_BASE = re.compile(r"https?://.*/", re.DOTALL)
_SERVER_ADDRESS = re.compile(
    r"https?://([^\s/?#@]*@)?(\[[0-9a-fA-F:.]+\]|[^\s/?#@:\[\]]+)(:\d{1,5})?([/?][^\s#]*)?"
)
_LINE_ADDRESS = re.compile(r"https?://[^\s{}]+\{path\}[^\s{}]*(\{line\}[^\s{}]*)?")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
FORWARDED = "forwarded"  # the prefix is what the proxy says
PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
_PREFIX_OR_FORWARDED = re.compile(rf"{PREFIX.pattern}|{FORWARDED}")
_SHARED = re.compile(
    r"(?:redis|valkey)s?://(?:[^\s/@]*@)?(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
    r"(?:/[0-9]{0,3})?(?:\?\S*)?|unix:///\S+"
)
_LEAST_SECRET = 32  # characters


def _default_home() -> Path:
    if CHECKOUT:
        return SHARE / "var"
    try:
        data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    except RuntimeError as error:  # the user is a number that has no home, as in containers
        raise ConfigError(
            Message("who runs this program has no home folder: set GYEBO_HOME")
        ) from error
    return Path(data) / "gyebo"


def _setting(
    default: Any,
    help: str,
    *,
    above: int | None = None,
    secret: bool = False,
    one_of: Sequence[str] = (),
    shape: tuple[re.Pattern[str], str] | None = None,
) -> Any:
    """A field of Config.

    Args:
        default: what it is if nothing else is said; a number is 0 or more.
        help: what it is for.
        above: a number is above this.
        secret: it is not shown.
        one_of: the words it may be.
        shape: what it looks like unless it is the default, and the sentence said of another `%(value)r`.
    """
    metadata = {"help": help, "above": above, "one_of": one_of, "shape": shape}
    return field(default=default, repr=not secret, metadata=metadata)


@dataclass(kw_only=True, frozen=True, slots=True)
class Config:
    """Every setting; each is a key of gyebo.toml and, in upper case with GYEBO_, a variable."""

    home: Path = field(
        default_factory=_default_home,
        metadata={
            "help": mark("folder for claim runs and snapshots (default: var/ in a checkout)")
        },
    )
    base: str = _setting(
        "http://127.0.0.1:8000/",
        mark("start of every entity IRI, fixed by a build"),
        shape=(_BASE, mark("base must be an http(s) address that ends in /, not %(value)r")),
    )
    workers: int = _setting(2, mark("web server processes"), above=0)
    build_workers: int = _setting(
        0,
        mark(
            "processes a build or an ingest may use where there is much to do; 0 = one for each core"
        ),
    )
    build_cache_mb: int = _setting(
        2000, mark("megabytes a build keeps of what the next one need not do again; 0 = none")
    )
    scheduler: str = _setting(
        "",
        mark(
            "address of a Dask cluster that carries builds, as tcp://HOST:PORT; none = this machine"
        ),
    )
    sparql_workers: int = _setting(
        2,
        mark(
            "SPARQL processes beside each web server process; one client may use half of them at once"
        ),
        above=0,
    )
    sparql_default_timeout: float = _setting(
        10.0, mark("seconds a query of the site may run that asks for no other deadline"), above=0
    )
    sparql_timeout: float = _setting(30.0, mark("seconds a query may run at most"), above=0)
    sparql_memory_mb: int = _setting(
        2500, mark("megabytes of address space a query process may take"), above=0
    )
    sparql_max_rows: int = _setting(
        1_000_000, mark("rows, or triples, a SPARQL result may have"), above=0
    )
    sparql_max_bytes: int = _setting(256_000_000, mark("bytes a SPARQL result may have"), above=0)
    sparql_queue: int = _setting(8, mark("queries that may wait beside each web server process"))
    sparql_client_seconds: float = _setting(
        30.0,
        mark(
            "seconds a minute the queries of one client (an IPv4 address, a /64 of IPv6) may run in "
            "each web server process, or on all nodes together where they share; 0 = any"
        ),
    )
    sparql_url: str = _setting(
        "",
        mark(
            "address of a SPARQL server that answers the queries of the public and holds the same "
            "release (docs/elsewhere.md); empty = they are answered here"
        ),
        shape=(_SERVER_ADDRESS, mark("sparql_url must be an http(s) address without spaces and #")),
    )
    search_url: str = _setting(
        "",
        mark(
            "address of an OpenSearch cluster that may hold the search index too, as "
            "http://user:password@host:9200 (docs/elsewhere.md); empty = searches are answered here"
        ),
        secret=True,  # it may hold a password
    )
    page_cache_mb: int = _setting(
        32, mark("megabytes of answers each web server process keeps made; 0 = none")
    )
    poll_seconds: float = _setting(
        60.0,
        mark(
            "seconds between two looks of `gyebo serve --from` for another release; 0 = only when told "
            "(SIGHUP)"
        ),
    )
    signing_key: str = _setting("", mark("file of the key that signs releases (docs/travel.md)"))
    trusted_key: str = _setting("", mark("file of the key of who publishes (docs/travel.md)"))
    repository: str = _setting(
        "",
        mark(
            "web address of a line of data/, for “report a mistake”, with {path} and {line}: "
            "https://example.org/blob/main/{path}#L{line}"
        ),
        shape=(
            _LINE_ADDRESS,
            mark("repository must be an http(s) address that holds {path}, not %(value)r"),
        ),
    )
    prefix: str = _setting(
        "",
        mark(
            "path the site stands under, as /gyebo; “forwarded” = as the proxy says in "
            "X-Forwarded-Prefix"
        ),
        shape=(
            _PREFIX_OR_FORWARDED,
            mark("prefix is a path such as /gyebo, or “forwarded”, not %(value)r"),
        ),
    )
    proxies: int = _setting(
        0, mark("proxies in front whose X-Forwarded-For and X-Forwarded-Proto are believed")
    )
    proxy_networks: str = _setting(
        "127.0.0.0/8, ::1",
        mark("addresses and networks the nearest proxy may ask from, with commas"),
    )
    log: str = _setting(
        "json",
        mark("“json” = one line for each request on standard error, or “off”"),
        one_of=("json", "off"),
    )
    metrics: str = _setting(
        "local",
        mark(
            "who may read /-/metrics: “local” = this machine, if base is an address of it, “on” = "
            "anybody, “off” = nobody"
        ),
        one_of=("local", "on", "off"),
    )
    shared: str = _setting(
        "",
        mark(
            "server of Valkey or Redis by which nodes share quotas and pages: redis://HOST:6379/0; "
            "empty = each goes by itself"
        ),
        secret=True,  # it may hold a password
        shape=(_SHARED, mark("shared must be an address such as redis://host:6379/0")),
    )
    shared_secret: str = _setting(
        "",
        mark(
            "what signs shared pages, at least 32 characters, the same on all nodes; without it "
            "quotas alone are shared"
        ),
        secret=True,
    )

    def __post_init__(self) -> None:
        for one in fields(self):
            _check(one, getattr(self, one.name))
        if self.prefix == FORWARDED and not self.proxies:
            raise ConfigError(
                Message(
                    "prefix can be %(forwarded)s only behind a proxy: set proxies to 1",
                    forwarded=FORWARDED,
                )
            )
        if 0 < len(self.shared_secret) < _LEAST_SECRET:
            raise ConfigError(
                Message("shared_secret must have at least %(n)s characters", n=_LEAST_SECRET)
            )
        _ = self.networks

    @property
    def networks(self) -> list[Network]:
        """Where the nearest proxy may ask from.

        Raises:
            ConfigError: what `proxy_networks` says is no address.
        """
        try:
            parts = [part.strip() for part in self.proxy_networks.split(",")]
            return [ipaddress.ip_network(part) for part in parts if part]
        except ValueError as error:
            raise ConfigError(Message("proxy_networks: %(error)s", error=error)) from error


def _check(setting: Field[Any], value: object) -> None:
    name, rules = setting.name, setting.metadata
    if isinstance(value, int | float):
        _check_number(name, value, rules["above"])
    elif (names := rules.get("one_of")) and value not in names:
        wrong = mark("%(name)s must be one of %(names)s, not %(value)r")
        raise ConfigError(Message(wrong, name=name, names=names, value=value))
    elif (shape := rules.get("shape")) and value != setting.default:
        pattern, wrong = shape
        if not pattern.fullmatch(value):
            raise ConfigError(Message(wrong, value=value))


def _check_number(name: str, value: float, above: int | None) -> None:
    if above is not None and value <= above:
        raise ConfigError(
            Message("%(name)s must be above 0, not %(value)s", name=name, value=value)
        )
    if value < 0:
        raise ConfigError(
            Message("%(name)s must not be below 0, as %(value)s is", name=name, value=value)
        )


# What a setting is, by its default.
_TYPES: dict[str, Any] = {one.name: type(one.default) for one in fields(Config)}


def load_config(
    file: Path = CONFIG_FILE,
    environ: Mapping[str, str] = os.environ,
    **flags: object,
) -> Config:
    """Read the configuration.

    Args:
        file: gyebo.toml; may be missing.
        environ: where the GYEBO_* variables are looked up.
        flags: settings given on the command line; None means not given.

    Raises:
        ConfigError: an unknown key, or a value of the wrong type or range.
    """
    known = {f.name for f in fields(Config)}
    settings: dict[str, object] = _from_toml(file)
    settings.pop(SCAN_TABLE, None)
    if unknown := settings.keys() - known:
        raise ConfigError(
            Message(
                "%(file)s: unknown setting %(unknown)s; known are: %(known)s",
                file=file,
                unknown=sorted(unknown),
                known=sorted(known),
            )
        )
    settings |= {k: environ[v] for k in known if (v := "GYEBO_" + k.upper()) in environ}
    settings |= {k: v for k, v in flags.items() if v is not None}
    return Config(**{k: _convert(k, v) for k, v in settings.items()})


def _from_toml(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(Message("%(file)s: %(why)s", file=file, why=reason_of(error))) from error


def _convert(name: str, value: object) -> Any:
    try:
        if name == "home":
            return Path(str(value)).expanduser().absolute()
        return _TYPES[name](value)
    except (TypeError, ValueError, RuntimeError) as error:  # RuntimeError: ~ of nobody
        raise ConfigError(
            Message("%(name)s cannot be %(value)r", name=name, value=value)
        ) from error

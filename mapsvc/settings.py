"""What the operator decides, read once from the environment, and where the shipped files are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from urllib.parse import urlsplit

from mapsvc.errors import BadConfiguration
from mapsvc.sites import check_sites

PREFIX = "MAPSVC_"
_CRS = re.compile(r"[A-Z]{2,10}:[0-9A-Z]{1,10}")


def shipped(name: str) -> Path:
    """Return the folder `name` (``geodata`` or ``templates``) that came with mapsvc.

    A wheel holds it inside the package, a checkout beside it; the package is looked at first.

    Raises
    ------
    BadConfiguration
        Where neither has it: the installation is incomplete.

    Examples
    --------
    >>> (shipped("geodata") / "themes.csv").is_file()
    True
    """
    package = Path(__file__).resolve().parent
    for folder in (package / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise BadConfiguration(
        f"the folder {name!r} did not come with this installation", hint="install mapsvc again"
    )


def setting(default: object, help: str) -> object:
    """Declare one setting: its default and the sentence that the README prints for it."""
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything an operator can decide. Each field is the variable ``MAPSVC_<FIELD>``.

    Examples
    --------
    >>> Settings.from_env({"MAPSVC_BASE_URL": "https://members.example.org/"}).base_url
    'https://members.example.org'
    """

    data: str = setting("", "Folder of the network to serve; empty means the bundled one.")  # type: ignore[assignment]
    base_url: str = setting(  # type: ignore[assignment]
        "",
        "Address under which the public reaches the service; links in files and feeds start with it, "
        "and without it pages have no canonical and hreflang links.",
    )
    trusted_hosts: tuple[str, ...] = setting(  # type: ignore[assignment]
        (), "Host names that are answered, separated by commas; empty answers every host. Others get 421."
    )
    basemap: str = setting(  # type: ignore[assignment]
        "",
        "Name of an xyzservices tile provider, such as CartoDB.Positron; empty draws our own boundaries only.",
    )
    cache_mb: int = setting(64, "Memory for prepared answers per worker, in MB.")  # type: ignore[assignment]
    proxy_hops: int = setting(  # type: ignore[assignment]
        0, "Number of proxies in front whose X-Forwarded-* headers are believed."
    )

    embed_allow: tuple[str, ...] = setting(  # type: ignore[assignment]
        (),
        "Sites that may show `/embed` in a frame, separated by commas: `https://example.org`, "
        "`https://*.example.org` for its sub-domains, `*` for everybody; empty is nobody.",
    )

    crs: tuple[str, ...] = setting(  # type: ignore[assignment]
        ("EPSG:4326", "EPSG:3857", "EPSG:8857", "EPSG:3035", "ESRI:54009"),
        "Coordinate reference systems that data may be asked for in (`crs`), separated by commas, beside longitude and "
        "latitude (`OGC:CRS84`).",
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings from `environ`, once, at start.

        Raises
        ------
        BadConfiguration
            For a variable that is not one of ours, or a value of the wrong kind; it names the variable.
        """
        known = {PREFIX + one.name.upper(): one for one in fields(cls)}
        values: dict[str, object] = {}
        for variable in sorted(name for name in environ if name.startswith(PREFIX)):
            if variable not in known:
                raise BadConfiguration(
                    f"there is no setting {variable}", column=variable, hint=f"known are {', '.join(known)}"
                )
            name = known[variable].name
            values[name] = _parse(variable, environ[variable].strip(), type(getattr(cls, name)))
        return cls(**values)  # type: ignore[arg-type]

    def with_data(self, folder: Path) -> "Settings":
        """Return the same settings for another network."""
        return replace(self, data=str(folder))

    def __post_init__(self) -> None:
        """Check what the types cannot say."""
        object.__setattr__(self, "trusted_hosts", tuple(host.lower() for host in self.trusted_hosts))
        if self.base_url and not _is_public_address(self.base_url):
            raise BadConfiguration(
                f"{self.base_url!r} is not an address",
                column=PREFIX + "BASE_URL",
                hint="write https://host/path",
            )
        object.__setattr__(self, "base_url", self.base_url.rstrip("/"))
        for one in self.crs:
            if not _CRS.fullmatch(one):
                raise BadConfiguration(
                    f"{one!r} is not a coordinate reference system",
                    column=PREFIX + "CRS",
                    hint="write AUTHORITY:CODE",
                )
        object.__setattr__(self, "embed_allow", check_sites(self.embed_allow, PREFIX + "EMBED_ALLOW"))


def _is_public_address(text: str) -> bool:
    try:
        address = urlsplit(text)
    except ValueError:
        return False
    extras = address.query or address.fragment or address.username
    return address.scheme in {"http", "https"} and bool(address.hostname) and not extras


def _parse(variable: str, text: str, kind: type) -> object:
    if kind is tuple:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if kind is int:
        if not text.isascii() or not text.isdigit():
            raise BadConfiguration(f"{text!r} is not a whole number", column=variable)
        return int(text)
    return text

"""``JUSHI_CHROMA`` in, the address of a database on a Chroma server out.

    http://127.0.0.1:8000                       a server; Chroma's default tenant and database
    http://127.0.0.1:8000/news                  its database "news"
    https://api.trychroma.com/TENANT/DATABASE   Chroma Cloud, with JUSHI_CHROMA_KEY

The key comes from the environment alone, and is in nothing that is printed.
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from assistant.errors import SettingError

_TENANT: Final = "default_tenant"  # Chroma's own defaults
_DATABASE: Final = "default_database"
_PORTS: Final = {"http": 8000, "https": 443}
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]")  # what Chroma takes, and Cloud's 128 bytes
_LONGEST: Final = 80  # characters of a folder's name, so that paths stay short
_HOW: Final = (
    "JUSHI_CHROMA is http://HOST:PORT, with /DATABASE or /TENANT/DATABASE behind it where they are not the default"
)


@dataclass(frozen=True, slots=True)
class Address:
    """A database on a Chroma server."""

    host: str
    port: int
    secure: bool
    tenant: str = _TENANT
    database: str = _DATABASE
    key: str = field(default="", repr=False)

    @classmethod
    def read(cls, url: str, key: str = "") -> "Address":
        """The address that the setting tells. Raises SettingError, which repeats nothing where a key may stand."""
        try:
            parts = urlsplit(url)
            scheme, host, port = parts.scheme, parts.hostname or "", parts.port
        except ValueError:  # it repeats what it could not read, which may be a password
            raise SettingError(f"JUSHI_CHROMA is no address. {_HOW}.") from None
        if parts.username is not None or parts.password is not None:
            raise SettingError("JUSHI_CHROMA holds a name or password: a key goes into JUSHI_CHROMA_KEY.")
        names = [name for name in parts.path.split("/") if name]
        if scheme not in _PORTS or not host or len(names) > 2 or parts.query or parts.fragment:
            shown = "" if parts.query or parts.fragment else f" = {url!r}"
            raise SettingError(f"JUSHI_CHROMA{shown} is no address of a Chroma server. {_HOW}.")
        if wrong := [name for name in names if not _NAME.fullmatch(name)]:
            raise SettingError(f"JUSHI_CHROMA = {url!r}: {wrong[0]!r} is no name of a tenant or database. {_HOW}.")
        tenant, database = [_TENANT, _DATABASE][: 2 - len(names)] + names
        return cls(host, _PORTS[scheme] if port is None else port, scheme == "https", tenant, database, key)

    @property
    def server(self) -> str:
        """The server alone: ``http://127.0.0.1:8000``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.secure else 'http'}://{host}:{self.port}"

    @property
    def folder(self) -> str:
        """A name for a folder of what is derived from this database, and from no other."""
        told = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{self.host}-{self.port}-{self.tenant}-{self.database}")[:_LONGEST]
        return f"{told}-{hashlib.sha256(str(self).encode()).hexdigest()[:8]}"

    def __str__(self) -> str:
        return f"{self.server}/{self.tenant}/{self.database}"

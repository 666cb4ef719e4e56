"""A file of salted hashes in, who may come in out: ``name:scrypt:salt:hash``, a line each; no password is ever kept.

jushi password 小满 >> users.txt        asks for the password, prints the line
jushi chat --host 0.0.0.0 --auth users.txt
"""

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Final

from assistant.errors import SettingError

# RFC 7914's parameters for interactive use; one check takes 50 ms and 16 MB here, so that guessing is slow.
_COST: Final = {"n": 2**14, "r": 8, "p": 1}
_SALT_BYTES: Final = 16
_REMEMBERED: Final = 1000  # right credentials kept as digests, so that a page of forty requests costs one check
SHORTEST: Final = 10  # characters of a password: what can be tried in a lifetime at 20 a second stays far below


class Users:
    """Who may come in."""

    def __init__(self, hashes: dict[str, tuple[bytes, bytes]]) -> None:
        self._hashes = hashes
        self._key = secrets.token_bytes(32)
        self._right: set[bytes] = set()

    @classmethod
    def read(cls, path: Path) -> "Users":
        """The users of the file. Raises SettingError where it cannot be read, or a line of it is none."""
        try:
            lines = path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f'{path} cannot be read: {error}. Write it with "jushi password NAME".') from error
        hashes = {}
        for number, row in enumerate(lines, 1):
            if not row.strip() or row.startswith("#"):
                continue
            try:
                name, method, salt, digest = row.strip().rsplit(":", 3)
                if method != "scrypt" or not name:
                    raise ValueError(method)
                hashes[name] = (bytes.fromhex(salt), bytes.fromhex(digest))
            except ValueError as error:
                raise SettingError(
                    f'{path}:{number}: no "name:scrypt:salt:hash". Write it with "jushi password NAME".'
                ) from error
        if not hashes:
            raise SettingError(f'{path} names nobody: add a line with "jushi password NAME".')
        return cls(hashes)

    def knows(self, name: str, password: str) -> bool:
        """Whether the password is that of the name; takes as long for a name that is unknown."""
        told = hmac.digest(self._key, f"{len(name)}:{name}:{password}".encode("utf-8", "surrogatepass"), "sha256")
        if told in self._right:
            return True
        salt, digest = self._hashes.get(name, (self._key[:_SALT_BYTES], b""))
        if not hmac.compare_digest(_hash(password, salt), digest):
            return False
        if len(self._right) >= _REMEMBERED:
            self._right.clear()
        self._right.add(told)
        return True


def line(name: str, password: str) -> str:
    """The line of the file for the name. Raises SettingError for a name or a password that cannot serve."""
    if not name or any(char in name for char in ":#\r\n") or name != name.strip():
        raise SettingError(f"{name!r} is no name: letters without colon, # and line end are wanted.")
    if len(password) < SHORTEST:
        raise SettingError(f"The password has {len(password)} characters; {SHORTEST} are the least.")
    salt = secrets.token_bytes(_SALT_BYTES)
    return f"{name}:scrypt:{salt.hex()}:{_hash(password, salt).hex()}"


def _hash(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, dklen=32, **_COST)

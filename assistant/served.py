"""A server's address in, Chroma's client of its database out: one to a process, shared by whoever reads or writes.

What a server keeps is bounded as Chroma Cloud bounds it (300 records a request, 4,096 bytes a value, 16,384 a
document), so that one form serves both: long lists go in pieces, long values are cut into parts and joined again.

A server writes no record only if another has not changed, but it makes a collection only if none has its name. So
whatever one alone may do is told by making a collection: the writer's lease (``assistant.lease``), and each generation,
whose record is the metadata of ``generation-0000000012``. A number can be taken once: none is published over another.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, TypeVar

from assistant.address import Address
from assistant.chroma import Gate
from assistant.errors import IndexMissing, JushiError, KeyRefused, StoreAway, StoreBusy, StoreError
from assistant.parts import folded, unfolded
from assistant.shared import Shared

MOST: Final = 300  # records in a request, and in an answer: Chroma Cloud's quota
GRACE: Final = 600.0  # seconds that what is out of use stays, for readers that began before
TEXTS: Final = "texts"
_GENERATION: Final = "generation-"
_SPACED: Final = 10  # generations kept within the grace at most, about
_NEVER: Final = "never"  # mark of a number that nothing was, or will be, published under
_VOIDS: Final = 16  # of which a record tells the last: a value has 256 bytes at most
# seconds to connect, to read, to write, and for a free connection
_TIMEOUT: Final[tuple[float, float, float, float]] = (5.0, 60.0, 60.0, 60.0)
_PAUSES: Final = (0.2, 1.0)  # seconds before the second and third try
_TRIED: Final = frozenset({429, 502, 503, 504})  # statuses that pass
_SAID: Final = 200  # characters of what a server says: it may go on with what it was given, and that is the pages'
_T = TypeVar("_T")


class Served(Shared):
    """The client of one database. What was committed is seen by the next request."""

    def __init__(self, address: Address, *, create: bool = False) -> None:
        """Prefer ``shared``."""
        self.address = address
        self.gate = Gate()  # nobody is ever alone within: a server needs no opening anew
        self.guard: Callable[[], None] = lambda: None  # called before each write: whether it is still allowed
        self._collections: dict[str, Any] = {}
        with errors(address):
            self._client = _connected(address, create=create)

    @classmethod
    def shared(cls, address: Address, *, create: bool = False) -> "Served":
        """The client of the address in this process; each call is to be ended by a ``release``.

        With ``create`` the database is made where it is not there. Raises IndexMissing, KeyRefused, StoreAway.
        """
        return cls._of(address, lambda: cls(address, create=create))

    def release(self) -> None:
        """Ends one use; the last closes the connections."""
        self._let_go(self.address)

    def create(self, made: dict[str, Any]) -> None:
        """Makes the collections where they are not there yet; ``made`` tells of which embedder and form they are."""
        make = partial(self._client.get_or_create_collection, metadata=made, embedding_function=None)
        self.tried(partial(make, "passages", configuration={"hnsw": {"space": "cosine"}}))
        for name in ("pages", TEXTS):
            self.tried(partial(make, name))

    def collection(self, name: str) -> "Rows":
        """The collection of that name. Raises IndexMissing where it was never made."""
        rows = self._collections.get(name)
        if rows is None:
            rows = self.tried(lambda: self._client.get_collection(name, embedding_function=None))
            self._collections[name] = rows
        return Rows(self, rows)

    # ------------------------------------------------------------------ generations

    def state(self) -> dict[str, Any]:
        """The record of the generation that answers now; number 0 where none was published yet."""
        listed = self.listed()
        if "pages" not in listed:
            raise _missing(self.address)
        published = [record for record in _generations(listed).values() if not record.get(_NEVER)]
        if published:
            return published[-1]
        return {**listed["pages"], "number": 0, "name": "", "passages": 0, "pages": 0}

    def following(self) -> int:
        """The number that the next generation has: none that was taken, even by one that never was."""
        return max((0, *_generations(self.listed()))) + 1

    def pending(self, number: int) -> tuple[int, ...]:
        """The numbers above ``number`` that are void: what stands under them was put by writers that were cut off."""
        return tuple(one for one, record in _generations(self.listed()).items() if one > number and record.get(_NEVER))

    def void(self, since: float) -> None:
        """Takes the next number, so that a writer whose right ran out at ``since`` can publish nothing under it.

        Of several who find that at once, one does so: another number would be that of whoever writes next.
        """
        while True:
            known = _generations(self.listed())
            if any(record.get(_NEVER) and record["time"] >= int(since) for record in known.values()):
                return
            number = max((0, *known)) + 1
            if self.make(f"{_GENERATION}{number:010d}", {_NEVER: 1, "time": int(self.now())}) is not None:
                return

    def publish(self, state: dict[str, Any], token: str) -> None:
        """Lets the generation answer. Raises StoreBusy where its number is taken: another process was faster."""
        record = {**state, "time": int(self.now()), "token": token}
        self.guard()
        if self.make(f"{_GENERATION}{state['number']:010d}", record) is None:
            raise StoreBusy(
                f"Generation {state['number']} of {self.address} was taken by another process, which held this one "
                "for dead: run it again. What was done is kept."
            )

    def outdated(self, number: int) -> int:
        """The generation up to which rows that died may go: nobody answers from one before it any more.

        Records of generations that are not needed to tell go as well. ``number`` is the one that answers.
        """
        before = self.now() - GRACE
        found = _generations(self.listed())
        over = [one for one, record in found.items() if not record.get(_NEVER) and record["time"] <= before]
        oldest = max((one for one in over if one <= number), default=0)
        last = 0.0
        for one, record in found.items():
            apart = one > oldest and record["time"] - last >= GRACE / _SPACED
            if one == oldest or one >= number - 1 or apart:
                last = record["time"]
            else:
                self.drop(f"{_GENERATION}{one:010d}")
        return min(number, oldest + 1)

    # ------------------------------------------------------------------ what one alone may do

    def listed(self) -> dict[str, dict[str, Any]]:
        """The metadata of every collection, by name, in the order of names."""
        found: dict[str, Any] = {}
        while True:
            some = self.tried(lambda: self._client.list_collections(limit=MOST, offset=len(found)))
            found.update((one.name, one) for one in some)
            if len(some) < MOST:
                break
        # a database that was deleted and made anew has other collections under the same names
        kept = self._collections.items()
        self._collections = {name: rows for name, rows in kept if name in found and found[name].id == rows.id}
        return {name: dict(one.metadata or {}) for name, one in sorted(found.items())}

    def make(self, name: str, record: Mapping[str, Any]) -> Any | None:
        """Makes a collection of that name and returns it, or None where there is one that is not of this record."""
        for again in (True, False):
            try:
                return self.tried(
                    lambda: self._client.create_collection(name, metadata=dict(record), embedding_function=None)
                )
            except StoreAway:
                raise
            except StoreError:
                # Chroma has no error of its own for a name that is taken; and a reply that was lost may have been a yes
                found = self.find(name)
                if found is not None:
                    return found if dict(found.metadata or {}) == dict(record) else None
                if not again:
                    raise
        return None

    def find(self, name: str) -> Any | None:
        """The collection of that name, or None."""
        try:
            return self.tried(lambda: self._client.get_collection(name, embedding_function=None))
        except IndexMissing:
            return None

    def write(self, held: Any, record: Mapping[str, Any]) -> None:
        """Writes the record of a collection that was made. Raises IndexMissing where it is gone."""
        self.tried(lambda: held.modify(metadata=dict(record)))

    def remove(self, held: Any, alias: str) -> None:
        """Removes this very collection and no other that came to have its name since."""
        try:  # it is named by its id where it is renamed, but by its name where it is deleted
            self.tried(lambda: held.modify(name=alias))
        except IndexMissing:
            return
        self.drop(alias)

    def drop(self, name: str) -> None:
        """Removes the collection of that name, if it is there."""
        try:
            self.tried(lambda: self._client.delete_collection(name))
        except IndexMissing:
            return

    def now(self) -> float:
        """The server's time in seconds: one clock for all who use it."""
        return float(self.tried(self._client.heartbeat)) / 1e9

    def tried(self, call: Callable[[], _T]) -> _T:
        """What the call gives, tried again where what failed may pass; every call here may be made twice."""
        for pause in _PAUSES:
            try:
                return call()
            except Exception as error:
                if not _passing(error):
                    with errors(self.address):
                        raise
            time.sleep(pause)
        with errors(self.address):
            return call()


class Rows:
    """A collection on a server: the calls that the store makes, in pieces that a server takes."""

    def __init__(self, served: Served, rows: Any) -> None:
        self._served = served
        self._rows = rows

    def count(self) -> int:
        """How many rows there are, of whichever generation."""
        return int(self._served.tried(self._rows.count))

    def get(
        self,
        ids: Sequence[str] | None = None,
        where: Mapping[str, Any] | None = None,
        include: Sequence[str] = ("metadatas", "documents"),
    ) -> dict[str, Any]:
        """The rows of the ids, or those that the filter lets through. Those of one generation do not change."""
        found: dict[str, Any] = {name: [] for name in ("ids", *include)}
        asked = [*include, "metadatas"] if "documents" in include and "metadatas" not in include else [*include]
        for given in _pieces(ids) if ids is not None else [None]:
            at = 0
            while True:
                some = self._got(given, where, asked, at)
                for name in found:
                    found[name].extend(some[name])
                at += len(some["ids"])
                if given is not None or len(some["ids"]) < MOST:
                    break
        return found

    def _got(self, ids: list[str] | None, where: Any, include: list[str], at: int) -> dict[str, Any]:
        named: dict[str, Any] = {"ids": ids} if ids is not None else {"limit": MOST, "offset": at}
        some = dict(self._served.tried(lambda: self._rows.get(where=where, include=include, **named)))
        return unfolded(some)

    def query(self, *, n_results: int, include: Sequence[str], **named: Any) -> dict[str, Any]:
        """The rows nearest to one vector, best first, at most ``MOST``."""
        call = self._rows.query
        told = dict(self._served.tried(lambda: call(n_results=min(n_results, MOST), include=list(include), **named)))
        some = unfolded({name: told[name][0] for name in ("ids", *include)})
        return {name: [rows] for name, rows in some.items()}

    def upsert(
        self, *, ids: Sequence[str], embeddings: Any, documents: Sequence[str], metadatas: Sequence[Mapping[str, Any]]
    ) -> None:
        """Writes rows whole, the later of two with one id."""
        rows = [folded(document, meta) for document, meta in zip(documents, metadatas, strict=True)]
        for at in range(0, len(ids), MOST):
            some = rows[at : at + MOST]
            self._served.guard()
            self._served.tried(
                partial(
                    self._rows.upsert,
                    ids=list(ids[at : at + MOST]),
                    embeddings=embeddings[at : at + MOST],
                    documents=[document for document, _ in some],
                    metadatas=[meta for _, meta in some],
                )
            )

    def update(self, *, ids: Sequence[str], metadatas: Sequence[dict[str, Any]]) -> None:
        """Changes values of rows; those not named stay."""
        for at in range(0, len(ids), MOST):
            self._served.guard()
            some = {"ids": list(ids[at : at + MOST]), "metadatas": list(metadatas[at : at + MOST])}
            self._served.tried(partial(self._rows.update, **some))

    def delete(self, *, ids: Sequence[str]) -> None:
        """Deletes rows; those that are not there are none the less gone."""
        for some in _pieces(ids):
            self._served.guard()
            self._served.tried(partial(self._rows.delete, ids=some))


def _pieces(ids: Sequence[str]) -> Iterator[list[str]]:
    for at in range(0, len(ids), MOST):
        yield list(ids[at : at + MOST])


def _generations(listed: Mapping[str, dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """The records of the generations, by number, counting up."""
    named = (
        (name.removeprefix(_GENERATION), record) for name, record in listed.items() if name.startswith(_GENERATION)
    )
    return {int(number): record for number, record in named if number.isdecimal()}


def voids(former: Sequence[int], pending: Sequence[int]) -> str:
    """What a record tells of numbers that are void, the last of them."""
    return ",".join(map(str, sorted({*former, *pending})[-_VOIDS:]))


def _connected(address: Address, *, create: bool) -> Any:
    """Chroma's client of the database, which is made with ``create`` where it is not there."""
    import chromadb
    import httpx
    from chromadb.config import Settings

    headers = {"x-chroma-token": address.key} if address.key else {}
    tenant = f"/api/v2/tenants/{address.tenant}"
    # Asked first by hand: Chroma's client waits without end for a server that does not answer, and tells little.
    with httpx.Client(base_url=address.server, headers=headers, timeout=_TIMEOUT[0]) as plain:
        reply = plain.get(f"{tenant}/databases/{address.database}")
        if reply.status_code == 404 and create:
            places = [("/api/v2/tenants", address.tenant)] if plain.get(tenant).status_code == 404 else []
            for place, name in (*places, (f"{tenant}/databases", address.database)):
                reply = plain.post(place, json={"name": name})
                if reply.status_code != 409:  # another process has made it meanwhile
                    reply.raise_for_status()
            reply = plain.get(f"{tenant}/databases/{address.database}")
        if reply.status_code == 404:
            raise _missing(address)
        reply.raise_for_status()
    client = chromadb.HttpClient(
        address.host,
        address.port,
        address.secure,
        headers,
        Settings(anonymized_telemetry=False),
        address.tenant,
        address.database,
    )
    server: Any = client  # its own time-out is none
    server._server._session.timeout = httpx.Timeout(_TIMEOUT)
    return client


def _missing(address: Address) -> IndexMissing:
    return IndexMissing(f'No index on {address}: run "jushi ingest" first, or correct JUSHI_CHROMA.')


def _status(error: BaseException) -> int:
    """The status of the reply that the error was made of; 0 where there was none."""
    import httpx
    from chromadb.errors import ChromaError

    if isinstance(error, ChromaError):
        return error.code()
    told: BaseException | None = error
    while told is not None and not isinstance(told, httpx.HTTPStatusError):
        told = told.__cause__ or told.__context__
    return told.response.status_code if told is not None else 0


def _passing(error: Exception) -> bool:
    import httpx

    return isinstance(error, httpx.TransportError) or _status(error) in _TRIED


@contextmanager
def errors(address: Address) -> Iterator[None]:
    """What Chroma, or the way to it, raises within, as an error of our tree with the next step; never with the key."""
    import httpx

    try:
        yield
    except JushiError:
        raise
    except httpx.TransportError as error:
        raise StoreAway(
            f"The Chroma server {address.server} does not answer ({type(error).__name__}): start it "
            f'("chroma run --host {address.host} --port {address.port}"), or correct JUSHI_CHROMA.'
        ) from None  # what httpx tells holds the request, and that the key
    except Exception as error:  # noqa: BLE001 - Chroma raises bare Exceptions for what it has no name for
        status = _status(error)
        said = " ".join(str(error).split())
        if address.key:
            said = said.replace(address.key, "…")
        if status in (401, 403):
            raise KeyRefused(
                f"{address} does not take the key: set JUSHI_CHROMA_KEY, and look at tenant and database."
            ) from None
        if status == 404:
            raise _missing(address) from None
        if status in _TRIED:
            raise StoreAway(
                f"The Chroma server {address.server} is overloaded or starting (status {status}): try again in a while."
            ) from None
        raise StoreError(
            f'The Chroma server {address.server} could not do it: {said[:_SAID]}. Look into it with "jushi doctor".'
        ) from None

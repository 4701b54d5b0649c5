"""Contents of files, on a disk or in S3-compatible storage: one way for both.

The library's own coroutines end on threads of its own, which abort a process that is just ending. So its plain calls
run on Python's threads here, for which a process waits.
"""

import asyncio
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from casework.errors import NotFound, Unavailable


class ObjectFiles:
    """Implements casework.ports.Files."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, key: str, content: bytes) -> None:
        try:
            await asyncio.to_thread(obstore.put, self._store, key, content)
        except (BaseError, OSError) as error:
            raise Unavailable("The file could not be kept.") from error

    async def get(self, key: str) -> bytes:
        try:
            return await asyncio.to_thread(lambda: bytes(obstore.get(self._store, key).bytes()))
        except FileNotFoundError as error:
            raise NotFound("There is no such file.") from error
        except (BaseError, OSError) as error:
            raise Unavailable("The file cannot be read now.") from error

    async def forget(self, conversation_id: str) -> int:
        try:
            return await asyncio.to_thread(self._forget, f"{conversation_id}/")
        except (BaseError, OSError) as error:
            raise Unavailable("The files could not be deleted.") from error

    def _forget(self, prefix: str) -> int:
        found = obstore.list(self._store, prefix=prefix).collect()
        for one in found:
            obstore.delete(self._store, one["path"])
        return len(found)

    async def delete(self, key: str) -> None:
        try:
            await asyncio.to_thread(obstore.delete, self._store, key)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise Unavailable("The file could not be deleted.") from error


def on_disk(folder: Path) -> ObjectFiles:
    """Files in a folder, which is made when the first is kept; nobody else on the machine may read it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return ObjectFiles(LocalStore(folder))


def in_s3(bucket: str, prefix: str, *, endpoint: str, region: str, key: str, secret: str) -> ObjectFiles:
    """Files in a bucket. `endpoint` empty: Amazon's own; no key: whatever the machine is allowed to."""
    known: dict[str, str] = {"region": region or "us-east-1"}
    if endpoint:
        known["endpoint"] = endpoint
    if key:
        known |= {"access_key_id": key, "secret_access_key": secret}
    options = {"allow_http": endpoint.startswith("http://")}
    return ObjectFiles(S3Store(bucket, prefix=prefix or None, client_options=options, config=known))  # type: ignore[arg-type]

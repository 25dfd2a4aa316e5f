"""Where files are kept, as ATTACHMENTS_URL says. Names are made here, so that nothing from outside becomes a path."""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from config import ROOT

KEY = re.compile(r"[0-9a-f]{32}")


class Storage(Protocol):
    """What is asked of a place for files. Each method raises OSError where the place fails."""

    def save(self, key: str, content: bytes) -> None:
        """Keep the content. It is there under its key when it is whole, or not at all."""

    def open(self, key: str) -> BinaryIO:
        """The content, to read. Raises FileNotFoundError where there is none."""

    def delete(self, key: str) -> None:
        """Have it gone; it may be gone already."""


def new_key() -> str:
    """A name that cannot be guessed and tells nothing."""
    return secrets.token_hex(16)


def storage_at(url: str) -> Storage:
    """`file:folder`, or the address of an object storage (s3://bucket/folder), which `fsspec` opens."""
    if url.startswith("file:"):
        return Folder(ROOT / url.removeprefix("file:"))
    return ObjectStorage(url)


class Folder:
    """A folder that nobody else reads; by the first letters of their keys, so that none of its folders grows long."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def save(self, key: str, content: bytes) -> None:
        path = self._at(key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        try:
            with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
            _sync(path.parent)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise

    def open(self, key: str) -> BinaryIO:
        return self._at(key).open("rb")

    def delete(self, key: str) -> None:
        path = self._at(key)
        path.with_suffix(".part").unlink(missing_ok=True)
        path.unlink(missing_ok=True)

    def _at(self, key: str) -> Path:
        return self._path / _checked(key)[:2] / key


def _sync(folder: Path) -> None:
    """A new name survives a power cut only when its folder has been written, too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


class ObjectStorage:
    """Any storage that the optional library `fsspec` knows."""

    def __init__(self, url: str) -> None:
        fsspec: Any = import_module("fsspec")
        self._files, self._root = fsspec.url_to_fs(url)

    def save(self, key: str, content: bytes) -> None:
        with _told_as_os_error():
            self._files.pipe_file(self._at(key), content)

    def open(self, key: str) -> BinaryIO:
        with _told_as_os_error():
            opened: BinaryIO = self._files.open(self._at(key), "rb")
        return opened

    def delete(self, key: str) -> None:
        with _told_as_os_error():
            try:
                self._files.rm_file(self._at(key))
            except FileNotFoundError:
                return

    def _at(self, key: str) -> str:
        return f"{str(self._root).rstrip('/')}/{_checked(key)[:2]}/{key}"


@contextmanager
def _told_as_os_error() -> Iterator[None]:
    """Each library behind `fsspec` has errors of its own."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(f"the storage fails: {type(error).__name__}") from error


def _checked(key: str) -> str:
    if not KEY.fullmatch(key):
        raise ValueError("not a key of a file")
    return key

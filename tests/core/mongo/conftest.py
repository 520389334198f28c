"""Samples: folders written by a real server, dumps and exports of MongoDB's tools."""

from __future__ import annotations

import gzip
import hashlib
import json
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from core.files.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SAMPLES = Path(__file__).parent / "samples"
LABS = sorted(path.name.partition(".")[0] for path in SAMPLES.glob("lab_*"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "lab" in metafunc.fixturenames:
        metafunc.parametrize("lab", LABS)


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that unpacks a sample once and gives its folder."""
    root = tmp_path_factory.mktemp("samples")

    def unpack(name: str) -> Path:
        if not (root / name).exists():
            with tarfile.open(SAMPLES / f"{name}.tar.gz") as packed:
                packed.extractall(root, filter="data")
        return root / name

    return unpack


@pytest.fixture(scope="session")
def generated(unpacked: Callable[[str], Path]) -> Path:
    """Return the folder of dumps and exports."""
    return unpacked("generated")


@pytest.fixture(scope="session")
def packed_lab() -> Callable[[str], Upload]:
    return lambda name: Upload.from_path(SAMPLES / f"{name}.tar.gz")


@pytest.fixture(scope="session")
def plain_lab_bytes() -> Callable[[str], bytes]:
    """Return a function that gives a sample folder as an uncompressed tar."""
    return lambda name: gzip.decompress((SAMPLES / f"{name}.tar.gz").read_bytes())


@pytest.fixture(scope="session")
def fingerprint() -> Callable[[Iterable[bytes]], tuple[int, str]]:
    """Return a function: how many documents, and their hash in any order."""

    def of(raws: Iterable[bytes]) -> tuple[int, str]:
        digests = sorted(hashlib.sha256(raw).digest() for raw in raws)
        return len(digests), hashlib.sha256(b"".join(digests)).hexdigest()

    return of


@pytest.fixture(scope="session")
def expected(
    unpacked: Callable[[str], Path],
) -> Callable[[str], dict[str, tuple[int, str]]]:
    """Return a function: what the server itself said of a folder's collections."""

    def of(name: str) -> dict[str, tuple[int, str]]:
        told: dict[str, Any] = json.loads(
            (unpacked(name) / "expected.json").read_text()
        )
        return {
            space: (entry["count"], entry["sha"])
            for space, entry in told["namespaces"].items()
            if isinstance(entry, dict) and entry["type"] == "collection"
        }

    return of

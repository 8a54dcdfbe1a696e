"""Reads the tensors of a PyTorch checkpoint without PyTorch: a zip of raw storages and a pickle that refers to them."""

from __future__ import annotations

import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np

DTYPES = {"FloatStorage": np.float32, "HalfStorage": np.float16, "LongStorage": np.int64}


def read_checkpoint(path: Path) -> dict:
    """The checkpoint's nested dictionaries with numpy arrays in place of tensors.

    Raises pickle.UnpicklingError where it holds anything but tensors, numbers, strings and containers of them: nothing
    that it names is ever called.
    """
    with zipfile.ZipFile(path) as archive:
        (index,) = [name for name in archive.namelist() if name.endswith("/data.pkl")]
        with archive.open(index) as stream:
            return _Reader(stream, archive, index.removesuffix("data.pkl")).load()


class _Reader(pickle.Unpickler):
    def __init__(self, stream, archive: zipfile.ZipFile, folder: str) -> None:
        super().__init__(stream)
        self._archive, self._folder = archive, folder

    def persistent_load(self, reference) -> np.ndarray:
        _, dtype, key, _, count = reference
        data = self._archive.read(f"{self._folder}data/{key}")
        return np.frombuffer(data, dtype, count=count)

    def find_class(self, module: str, name: str):
        if module == "torch" and name in DTYPES:
            return DTYPES[name]
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        raise pickle.UnpicklingError(f"the checkpoint names {module}.{name}")


def _rebuild(storage: np.ndarray, offset: int, size: tuple, stride: tuple, *_unused) -> np.ndarray:
    steps = [step * storage.itemsize for step in stride]
    return np.lib.stride_tricks.as_strided(storage[offset:], size, steps, writeable=False).copy()

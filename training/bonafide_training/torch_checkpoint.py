"""Weights out of a checkpoint that torch.save or torch.jit.save wrote, without torch.

Nothing in the file is run: whatever is neither tensor nor plain container becomes an inert object.
"""

import io
import pickle
import struct
import zipfile
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

LEGACY_HEADERS = 3  # magic number, protocol, description of the machine
DTYPES = {"FloatStorage": "<f4", "HalfStorage": "<f2", "DoubleStorage": "<f8", "LongStorage": "<i8", "IntStorage": "<i4"}


@dataclass(frozen=True)
class _Tensor:
    key: str
    dtype: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def read(self, storage: np.ndarray) -> np.ndarray:
        size = storage.itemsize
        view = np.lib.stride_tricks.as_strided(
            storage[self.offset :], self.shape, tuple(stride * size for stride in self.strides))
        return np.array(view)


def _rebuild(storage, offset, shape, strides, *_) -> _Tensor:
    return _Tensor(storage[0], storage[1], offset, tuple(shape), tuple(strides))


class _Inert:
    """What stands for an object of any class: a module of torch keeps its weights in its state."""

    def __init__(self, *_) -> None:
        self.state: dict = {}

    def __setstate__(self, state) -> None:
        self.state = state


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str):
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return lambda tensor, *_: tensor
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        return name if module == "torch" and name in DTYPES else _Inert

    def persistent_load(self, saved):
        _, storage, key, *_ = saved
        return key, DTYPES[storage]


def read_checkpoint(file: Path) -> dict:
    """What was saved, tensors as numpy arrays; a whole module as the weights in it by their names."""
    return _read_zip(file) if zipfile.is_zipfile(file) else _read_legacy(file)


def _read_zip(file: Path) -> dict:
    with zipfile.ZipFile(file) as archive:
        pickled = next(name for name in archive.namelist() if name.endswith("/data.pkl"))
        folder = pickled.removesuffix("data.pkl")
        saved = _plain(_Unpickler(io.BytesIO(archive.read(pickled))).load())
        return _filled(saved, lambda tensor: np.frombuffer(archive.read(f"{folder}data/{tensor.key}"), tensor.dtype))


def _read_legacy(file: Path) -> dict:
    with file.open("rb") as stream:
        for _ in range(LEGACY_HEADERS):
            pickle.Unpickler(stream).load()
        saved = _plain(_Unpickler(stream).load())
        dtypes = {tensor.key: tensor.dtype for tensor in _tensors(saved)}
        storages = {}
        for key in _Unpickler(stream).load():
            (count,) = struct.unpack("<q", stream.read(8))
            dtype = np.dtype(dtypes.get(key, "<f4"))
            storages[key] = np.frombuffer(stream.read(count * dtype.itemsize), dtype)
    return _filled(saved, lambda tensor: storages[tensor.key])


def _plain(saved):
    return dict(_weights_of(saved, "")) if isinstance(saved, _Inert) else saved


def _weights_of(module: _Inert, prefix: str):
    # a traced module keeps both in its state itself
    own = module.state.get("_parameters", module.state)
    inside = module.state.get("_modules", module.state)
    for name, value in own.items():
        if isinstance(value, _Tensor):
            yield prefix + name, value
    for name, inner in inside.items():
        if isinstance(inner, _Inert):
            yield from _weights_of(inner, f"{prefix}{name}.")


def _tensors(saved) -> list[_Tensor]:
    if isinstance(saved, _Tensor):
        return [saved]
    return [tensor for value in saved.values() for tensor in _tensors(value)] if isinstance(saved, dict) else []


def _filled(saved, storage_of):
    if isinstance(saved, _Tensor):
        return saved.read(storage_of(saved))
    return {key: _filled(value, storage_of) for key, value in saved.items()} if isinstance(saved, dict) else saved

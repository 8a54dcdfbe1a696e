"""Vocoders of packages: their checkpoints read without torch, their generators as graphs."""

import io
import pickle
import struct
import sys
import types
import zipfile
from collections import OrderedDict

import numpy as np
import onnxruntime
import pytest

from bonafide_training.torch_checkpoint import read_checkpoint
from bonafide_training.vocoder_graph import UPSAMPLING_16K, hifigan, melgan

VALUES = np.arange(12, dtype="<f4").reshape(3, 4)


class _Saved:
    """Pickled as torch pickles a tensor: transposed, its numbers elsewhere."""

    def __reduce__(self):
        import torch  # the stand-in below

        return torch._utils._rebuild_tensor_v2, (_Storage(), 0, (4, 3), (1, 4), False, OrderedDict())


class _Storage:
    pass


class _Pickler(pickle.Pickler):
    def persistent_id(self, value):
        import torch

        return ("storage", torch.FloatStorage, "7", "cpu", VALUES.size, None) if isinstance(value, _Storage) else None


@pytest.fixture
def pickled(monkeypatch) -> bytes:
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")

    def _rebuild_tensor_v2(*_):
        raise AssertionError

    _rebuild_tensor_v2.__module__, _rebuild_tensor_v2.__qualname__ = "torch._utils", "_rebuild_tensor_v2"
    utils._rebuild_tensor_v2, torch._utils = _rebuild_tensor_v2, utils
    torch.FloatStorage = type("FloatStorage", (), {"__module__": "torch"})
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch._utils", utils)
    out = io.BytesIO()
    _Pickler(out, 2).dump({"generator": OrderedDict(weight=_Saved()), "epoch": 3})
    return out.getvalue()


def test_both_file_formats_give_the_tensors(pickled, tmp_path):
    legacy, packed = tmp_path / "legacy.pth.tar", tmp_path / "packed.pt"
    headers = b"".join(pickle.dumps(header, 2) for header in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}))
    legacy.write_bytes(headers + pickled + pickle.dumps(["7"], 2) + struct.pack("<q", VALUES.size) + VALUES.tobytes())
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("archive/data.pkl", pickled)
        archive.writestr("archive/data/7", VALUES.tobytes())
    for file in (legacy, packed):
        saved = read_checkpoint(file)
        assert saved["epoch"] == 3
        np.testing.assert_array_equal(saved["generator"]["weight"], VALUES.T)


class _Traced:
    """A traced module: its weights and modules are its state."""

    def __init__(self, **state) -> None:
        self.__dict__.update(state)


def test_a_traced_module_gives_its_weights_by_name(tmp_path, pickled):
    out = io.BytesIO()
    _Pickler(out, 2).dump(_Traced(training=False, conv=_Traced(weight=_Saved(), training=False)))
    with zipfile.ZipFile(tmp_path / "traced.ts", "w") as archive:
        archive.writestr("a/data.pkl", out.getvalue())
        archive.writestr("a/data/7", VALUES.tobytes())
    saved = read_checkpoint(tmp_path / "traced.ts")
    assert list(saved) == ["conv.weight"]
    np.testing.assert_array_equal(saved["conv.weight"], VALUES.T)


def test_nothing_in_a_checkpoint_is_run(tmp_path):
    class Call:
        def __reduce__(self):
            return exec, (f"open({str(tmp_path / 'run')!r}, 'w')",)

    with zipfile.ZipFile(tmp_path / "evil.pt", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"x": Call()}, 2))
    read_checkpoint(tmp_path / "evil.pt")
    assert not (tmp_path / "run").exists()


def _layer(rng, out_channels: int, in_channels: int, kernel: int, name: str) -> dict[str, np.ndarray]:
    v = rng.normal(0, 0.1, (out_channels, in_channels, kernel)).astype(np.float32)
    length = np.sqrt((v**2).sum(axis=(1, 2), keepdims=True))
    bias = rng.normal(0, 0.1, out_channels if not name.startswith("ups") else in_channels).astype(np.float32)
    return {f"{name}.weight_v": 3 * v, f"{name}.weight_g": length, f"{name}.bias": bias}


def _hifigan_weights(kernels: tuple[int, ...] = (16, 16, 4, 4)) -> dict[str, np.ndarray]:
    rng, width = np.random.default_rng(1), 16
    weights = _layer(rng, width, 80, 7, "conv_pre")
    for stage, kernel in enumerate(kernels):
        weights |= _layer(rng, width >> stage, width >> (stage + 1), kernel, f"ups.{stage}")
        for at, size in enumerate((3, 7, 11)):
            for part in range(3):
                for kind in ("convs1", "convs2"):
                    name = f"resblocks.{stage * 3 + at}.{kind}.{part}"
                    weights |= _layer(rng, width >> (stage + 1), width >> (stage + 1), size, name)
    return weights | _layer(rng, 1, 1, 7, "conv_post")


def _run(model, mel: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(["wave"], {"mel": mel})[0][0, 0]


def test_a_frame_becomes_a_hop_of_samples_and_hears_only_its_surroundings():
    mel = np.random.default_rng(2).normal(-2, 1, (1, 80, 60)).astype(np.float32)
    model = hifigan(_hifigan_weights())
    wave = _run(model, mel)
    assert wave.shape == (60 * 256,)
    changed = mel.copy()
    changed[:, :, 50] += 1
    moved = np.flatnonzero(np.abs(_run(model, changed) - wave) > 1e-7) / 256
    assert 30 < moved.min() <= 50 <= moved.max()


def test_a_frame_becomes_160_samples_where_one_stage_has_an_odd_rate():
    mel = np.random.default_rng(5).normal(-2, 1, (1, 80, 30)).astype(np.float32)
    assert _run(hifigan(_hifigan_weights((16, 10, 4, 4)), UPSAMPLING_16K), mel).shape == (30 * 160,)


def test_scaling_a_normalised_row_changes_nothing():
    mel = np.random.default_rng(3).normal(-2, 1, (1, 80, 20)).astype(np.float32)
    weights = _hifigan_weights()
    scaled = {name: value * 5 if name.endswith("_v") else value for name, value in weights.items()}
    np.testing.assert_allclose(_run(hifigan(scaled), mel), _run(hifigan(weights), mel), atol=1e-6)


def test_melgan_gives_a_hop_of_samples_a_frame():
    rng, width = np.random.default_rng(4), 16
    weights = _layer(rng, width, 80, 7, "generator.1")
    for stage, kernel in enumerate((16, 16, 4, 4)):
        wide, narrow = width >> stage, width >> (stage + 1)
        up = _layer(rng, wide, narrow, kernel, f"generator.{3 + 3 * stage}")
        up[f"generator.{3 + 3 * stage}.bias"] = np.zeros(narrow, np.float32)
        weights |= up
        for block in range(3):
            name = f"generator.{4 + 3 * stage}"
            weights |= _layer(rng, narrow, narrow, 3, f"{name}.blocks.{block}.2")
            weights |= _layer(rng, narrow, narrow, 1, f"{name}.blocks.{block}.4")
            weights |= _layer(rng, narrow, narrow, 1, f"{name}.shortcuts.{block}")
    weights |= _layer(rng, 1, 1, 7, "generator.16")
    assert _run(melgan(weights), rng.normal(-5, 1, (1, 80, 30)).astype(np.float32)).shape == (30 * 256,)

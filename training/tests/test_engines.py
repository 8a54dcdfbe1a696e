"""Engines that speak from unpacked packages."""

import types

import numpy as np
import pytest

from bonafide_training import engines


@pytest.fixture
def kokoro(monkeypatch):
    said = []

    def infer(phonemes, style, speed):
        said.append((phonemes, style))
        return np.ones(24_000, np.float32)

    core = types.SimpleNamespace(_infer=infer, phonemize=lambda text: "konitɕiwa", SAMPLE_RATE=24_000)
    monkeypatch.setattr(engines, "_kokoro", lambda: core)
    monkeypatch.setattr(engines, "_LOADED", {})
    return said


def test_a_language_is_spoken_by_its_own_voices(kokoro, tmp_path):
    voices = tmp_path / "kokoro-js/package/voices"
    voices.mkdir(parents=True)
    for number, name in enumerate(("jf_a", "jm_b", "af_c")):
        np.full(2 * 256, number, "<f4").tofile(voices / f"{name}.bin")
    engines.use_packages(tmp_path)
    for seed in range(8):
        spoken = engines.speak_kokoro_native("こんにちは", "ja", np.random.default_rng(seed))
        assert "af_c" not in spoken.voice
    assert all(style.shape == (2, 1, 256) and style.max() <= 1 for _, style in kokoro)


def test_without_the_package_the_engine_is_missing(kokoro, tmp_path):
    engines.use_packages(tmp_path)
    with pytest.raises(engines.EngineMissing):
        engines.speak_kokoro_native("こんにちは", "ja", np.random.default_rng(0))

"""Engines that speak from unpacked packages."""

import multiprocessing
import os
import types
from pathlib import Path

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


def append_slowly(path: Path) -> None:
    """Reads, lets others run, writes: what two at once would spoil."""
    for _ in range(20):
        with engines.alone("test"):
            before = path.read_text()
            os.sched_yield()
            path.write_text(before + "x")


def test_when_processes_ask_for_the_same_at_once_then_they_have_it_one_after_the_other(tmp_path):
    path = tmp_path / "written"
    path.write_text("")
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=append_slowly, args=(path,)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert path.read_text() == 60 * "x"

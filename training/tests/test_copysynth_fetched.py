"""Vocoders out of unpacked packages: what they hear and what their programs are given."""

import sys

import numpy as np
import pytest

from bonafide_training import copysynth_opus as opus
from bonafide_training import packages
from bonafide_training.copysynth_fetched import BINS, HOP, RATE_HZ, Hifigan16k
from bonafide_training.corpus_audio import WORK_RATE_HZ, rms

FARGAN_DEMO = """#!{python}
import sys, numpy as np
mode, given, out = sys.argv[1:]
if mode == "-features":
    frames = np.fromfile(given, "<i2").size // 160
    np.zeros((frames, 20), "<f4").tofile(out)
else:
    pitch = np.fromfile(given, "<f4").reshape(-1, 20)[:, 18]
    np.repeat(np.round(pitch * 1000), 160).astype("<i2").tofile(out)
"""
OPUS_DEMO = """#!{python}
import sys, shutil
lost = open(sys.argv[sys.argv.index("-lossfile") + 1]).read().split()
assert lost[0] == "0" and lost.count("1") > 10 * lost.count("0")
shutil.copy(sys.argv[-2], sys.argv[-1])
"""


@pytest.fixture
def programs(tmp_path):
    for name, text in (("fargan_demo", FARGAN_DEMO), ("opus_demo", OPUS_DEMO)):
        (tmp_path / name).write_text(text.replace("{python}", sys.executable))
        (tmp_path / name).chmod(0o755)
    return tmp_path


def _tone(seconds: float) -> np.ndarray:
    time = np.arange(int(seconds * WORK_RATE_HZ)) / WORK_RATE_HZ
    return (0.2 * np.sin(2 * np.pi * 300 * time)).astype(np.float32)


def test_fargan_moves_the_pitch_of_some_and_keeps_the_length(programs):
    labels = set()
    for seed in range(12):
        wave, label = opus.fargan(_tone(1.0), programs, np.random.default_rng(seed))
        labels.add(label[:7])
        assert abs(wave.size - 1.1 * WORK_RATE_HZ) < 0.02 * WORK_RATE_HZ
        assert (rms(wave) > 1e-4) == label.startswith("octaves")
    assert labels == {"plain", "blurred", "octaves"}


def test_another_voice_needs_a_second_of_its_speech(programs):
    wave, label = opus.nearest_voice(_tone(1.0), _tone(1.5), programs, np.random.default_rng(2))
    assert abs(wave.size - 1.1 * WORK_RATE_HZ) < 0.02 * WORK_RATE_HZ and label.startswith("k")
    with pytest.raises(ValueError, match="target too short"):
        opus.nearest_voice(_tone(1.0), _tone(0.5), programs, np.random.default_rng(2))


def test_dred_loses_all_but_one_packet_in_many(programs):
    speech = _tone(2.0)
    wave, label = opus.dred(speech, programs, np.random.default_rng(1))
    assert label.startswith("gap")
    assert np.corrcoef(wave[: speech.size], speech)[0, 1] > 0.99


def test_without_the_programs_a_twin_fails_as_data_can(tmp_path):
    with pytest.raises(FileNotFoundError):
        opus.fargan(_tone(1.0), tmp_path, np.random.default_rng(0))


def test_without_cargo_there_are_no_programs(tmp_path, monkeypatch):
    monkeypatch.setattr(packages.shutil, "which", lambda program: None)
    assert opus.build(tmp_path) is None


def test_a_frame_of_the_wide_hifigan_is_10_ms(tmp_path):
    mel = Hifigan16k(tmp_path).log_mel(_tone(1.0))
    assert mel.shape == (RATE_HZ // HOP + 1, BINS)
    assert mel.argmax(axis=1).std() < 1
    with pytest.raises(FileNotFoundError):
        Hifigan16k(tmp_path).vocode(mel)

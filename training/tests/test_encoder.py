"""The encoder's graph against references from outside: librosa's filters and the runtime the weights were made for."""

import json
from pathlib import Path

import ctranslate2
import numpy as np
import onnxruntime
import pytest
from scipy.signal import stft

from bonafide_training.corpus_audio import WORK_RATE_HZ, load, resample, save
from bonafide_training.encoder import DIRECTIONS, LEVELS, export_encoder
from bonafide_training.encoder_directions import find_directions
from bonafide_training.encoder_graph import EncoderSpec, build_encoder, build_log_mel
from bonafide_training.encoder_mel import log_mel, mel_filters
from bonafide_training.encoder_weights import WeightsError, default_cache, fetch_model, read_variables

RATE_HZ = 16_000


def voiced(duration_sec: float, seed: int = 1) -> np.ndarray:
    """A vowel-like sound with a moving pitch over a little noise, float32 [1, n]."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(duration_sec * RATE_HZ)) / RATE_HZ
    phase = 2 * np.pi * np.cumsum(130 + 30 * np.sin(2 * np.pi * 1.7 * time)) / RATE_HZ
    tone = sum(np.sin(k * phase + k) / (1 + (k - 5) ** 2 / 9) for k in range(1, 30))
    loudness = 0.55 + 0.45 * np.sin(2 * np.pi * 3.1 * time)
    return (0.05 * tone * loudness + 0.002 * rng.standard_normal(len(time))).astype(np.float32)[None]


def librosa_filters() -> np.ndarray:
    """Filters that librosa computed, float32 [80, 201]; the file says how."""
    stored = json.loads(Path(__file__).with_name("test_encoder_mel_filters.json").read_text())
    filters = np.zeros((80, 201), np.float32)
    for row, (first_bin, values) in zip(filters, stored["filters"], strict=True):
        row[first_bin:first_bin + len(values)] = values
    return filters


def run(model, waveform: np.ndarray) -> list[np.ndarray]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, {"waveform": waveform})


@pytest.fixture(scope="module")
def folder():
    return fetch_model(default_cache())


@pytest.fixture(scope="module")
def variables(folder):
    return read_variables(folder / "model.bin")


def test_when_the_weights_are_altered_then_they_are_refused(folder, tmp_path):
    copy = tmp_path / folder.name
    copy.mkdir()
    (copy / "model.bin").write_bytes((folder / "model.bin").read_bytes()[:-1] + b"x")
    with pytest.raises(WeightsError, match="sha256"):
        fetch_model(tmp_path)


def test_when_the_file_ends_early_then_reading_says_so(folder, tmp_path):
    (tmp_path / "short.bin").write_bytes((folder / "model.bin").read_bytes()[:1000])
    with pytest.raises(WeightsError, match="ends early"):
        read_variables(tmp_path / "short.bin")


def test_when_filters_are_built_then_they_equal_librosas():
    np.testing.assert_allclose(mel_filters(), librosa_filters(), atol=1e-8)


@pytest.mark.parametrize("sample_count", [4000, 4159, 64_000])
def test_when_a_waveform_enters_then_the_log_mel_equals_the_references(sample_count):
    waveform = voiced(4.0)[:, :sample_count]
    centred = waveform[0].astype(np.float64) - waveform[0].mean()
    transform = stft(centred, nperseg=400, noverlap=240, window="hann", boundary="even", padded=False)[2]
    power = np.abs(transform[:, :-1] * 200) ** 2  # the reference divides by the window's sum, 200
    levels = np.log10(np.maximum(librosa_filters() @ power, 1e-10))
    expected = (np.maximum(levels, levels.max() - 8) + 4) / 4
    np.testing.assert_allclose(log_mel(waveform[0]), expected, atol=1e-5)
    np.testing.assert_allclose(run(build_log_mel(), waveform)[0][0], expected, atol=2e-4)


def test_when_thirty_seconds_enter_then_the_output_equals_the_original_runtimes(folder, variables):
    waveform = np.zeros((1, 30 * RATE_HZ), np.float32)
    waveform[:, :5 * RATE_HZ] = voiced(5.0)
    frames = run(build_encoder(variables, EncoderSpec(levels=("norm",), poolings=())), waveform)[0]
    original = ctranslate2.models.Whisper(str(folder), device="cpu", compute_type="float32", intra_threads=1)
    features = ctranslate2.StorageView.from_array(log_mel(waveform[0])[None])
    expected = np.array(original.encode(features, to_cpu=True))[0]
    # Six blocks deep, a few cells are near 20: single precision leaves that much of them.
    assert np.abs(frames - expected).max() < 6e-5 * np.abs(expected).max()
    assert np.abs(frames - expected).mean() < 5e-6


def test_when_levels_are_pooled_then_columns_follow_the_names(variables):
    waveform = voiced(2.0)
    levels, poolings = ("conv", "2"), ("mean", "std", "delta_std", "slow_std", "fast_rms")
    frames = run(build_encoder(variables, EncoderSpec(levels, ())), waveform)
    embedding = run(build_encoder(variables, EncoderSpec(levels, poolings)), waveform)[0]
    expected = []
    for x in frames:
        reach = [x[max(0, i - 4):i + 5].mean(axis=0) for i in range(len(x))]
        rows = [x.mean(0), x.std(0), np.diff(x, axis=0).std(0), np.std(reach, axis=0)]
        expected += rows + [np.sqrt(np.square(x - reach).mean(axis=0))]
    assert embedding.shape == (1, EncoderSpec(levels, poolings).dimension)
    np.testing.assert_allclose(embedding[0], np.concatenate(expected), atol=1e-4)


def test_when_a_recording_has_an_offset_then_the_embedding_is_the_same(variables):
    model = build_encoder(variables, EncoderSpec(levels=("conv", "1")))
    np.testing.assert_allclose(run(model, voiced(1.0) + np.float32(0.05))[0], run(model, voiced(1.0))[0], atol=2e-3)


@pytest.mark.parametrize("waveform", [np.zeros((1, 4000), np.float32), voiced(0.25)], ids=["silence", "quarter second"])
def test_when_the_input_is_minimal_then_the_embedding_is_finite(variables, waveform):
    assert np.isfinite(run(build_encoder(variables, EncoderSpec()), waveform)[0]).all()


@pytest.mark.parametrize(("weights", "largest_error"), [("fp16", 1e-3), ("int8", 0.05), ("int8-dynamic", 0.08)])
def test_when_weights_are_stored_smaller_then_the_embedding_stays_near(variables, weights, largest_error):
    levels = ("conv", "1", "2")
    full = run(build_encoder(variables, EncoderSpec(levels)), voiced(4.0))[0]
    small = run(build_encoder(variables, EncoderSpec(levels, weights=weights)), voiced(4.0))[0]
    assert np.abs(small - full).mean() / full.std() < largest_error


def second_order(x: np.ndarray) -> np.ndarray:
    """Correlations above the diagonal and log deviations of x [T, k]."""
    return np.concatenate([np.corrcoef(x.T)[np.triu_indices(x.shape[1], 1)], np.log(x.std(axis=0))])


def test_when_correlations_are_pooled_then_they_are_those_of_the_frames_along_the_directions(variables):
    waveform = voiced(2.0)
    directions = {"1": np.random.default_rng(4).standard_normal((512, 5)).astype(np.float32)}
    frames = run(build_encoder(variables, EncoderSpec(("1",), ())), waveform)[0]
    spec = EncoderSpec(("1",), ("std", "correlations"), directions=directions)
    embedding = run(build_encoder(variables, spec), waveform)[0]
    moved = frames @ directions["1"]
    expected = np.concatenate([frames.std(axis=0), second_order(moved), second_order(np.diff(moved, axis=0))])
    assert embedding.shape == (1, spec.dimension)
    np.testing.assert_allclose(embedding[0], expected, atol=1e-4)


@pytest.mark.parametrize(("seconds", "places"), [(4.0, [0, 25, 50, 75, 100, 125]), (1.6, [0]), (1.0, [0])])
def test_when_stretches_are_asked_for_then_each_is_pooled_as_the_whole_is(variables, seconds, places):
    directions = {"1": np.random.default_rng(4).standard_normal((512, 5)).astype(np.float32)}
    spec = EncoderSpec(("1",), ("mean", "delta_std", "correlations"), directions=directions, stretches=(75, 25))
    waveform = voiced(seconds)
    frames = run(build_encoder(variables, EncoderSpec(("1",), ())), waveform)[0]
    whole, stretches = run(build_encoder(variables, spec), waveform)
    assert stretches.shape == (len(places), spec.dimension)
    filled = np.concatenate([frames, np.repeat(frames[-1:], max(0, 75 - len(frames)), axis=0)])
    for row, place in zip(stretches, places):
        x = filled[place:place + 75]
        moved = x @ directions["1"]
        expected = [x.mean(0), np.diff(x, axis=0).std(0), second_order(moved), second_order(np.diff(moved, axis=0))]
        np.testing.assert_allclose(row, np.concatenate(expected), atol=1e-4)
    plain = EncoderSpec(("1",), spec.poolings, directions=directions)
    np.testing.assert_allclose(whole, run(build_encoder(variables, plain), waveform)[0], atol=1e-6)


def test_when_a_level_has_no_directions_then_correlations_are_refused():
    with pytest.raises(ValueError, match="directions of every level"):
        EncoderSpec(("conv", "1"), ("correlations",), directions={"1": np.eye(512, 4)})


def test_when_directions_are_found_then_frames_move_most_along_the_first_and_independently(variables, tmp_path):
    paths = [tmp_path / f"{seed}.flac" for seed in range(3)]
    for seed, path in enumerate(paths):
        save(path, voiced(2.0, seed)[0], RATE_HZ)
    directions = find_directions(variables, ("conv", "1"), paths, 6)
    heard = [resample(load(path), WORK_RATE_HZ, RATE_HZ)[None] for path in paths]
    for level, matrix in directions.items():
        assert matrix.shape == (512, 6)
        model = build_encoder(variables, EncoderSpec((level,), ()))
        moved = [run(model, samples)[0][::4] @ matrix for samples in heard]
        covariance = np.cov(np.concatenate([x - x.mean(axis=0) for x in moved]).T)
        variances = np.diag(covariance)
        assert (np.diff(variances) < 0).all()
        assert np.abs(covariance - np.diag(variances)).max() < 0.1 * variances[0]


def test_when_exported_as_the_bundle_has_it_then_the_file_is_small_and_loads(tmp_path):
    save(tmp_path / "heard.flac", voiced(4.0)[0], RATE_HZ)
    path = tmp_path / "encoder.onnx"
    export_encoder(path, default_cache(), [tmp_path / "heard.flac"])
    assert path.stat().st_size < 12_000_000
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    embedding = session.run(["embedding"], {"waveform": voiced(4.0)})[0]
    assert embedding.shape == (1, len(LEVELS) * (3 * 512 + DIRECTIONS * (DIRECTIONS + 1)))
    assert np.isfinite(embedding).all()


def test_when_a_level_is_unknown_then_the_error_names_it():
    with pytest.raises(ValueError, match="unknown 7"):
        EncoderSpec(levels=("conv", "7"))

"""Channel randomisation at its front door."""

import numpy as np
import pytest

from bonafide_training.channel import randomise, rng_for
from bonafide_training.channel_codecs import CodecSetting, round_trip
from bonafide_training.corpus_audio import WORK_RATE_HZ, rms


def voice(seconds: float = 2.0) -> np.ndarray:
    """A buzz with a moving melody and syllables: enough of speech for a channel."""
    time = np.arange(int(seconds * WORK_RATE_HZ)) / WORK_RATE_HZ
    cycle = 2 * np.pi * np.cumsum(140 + 30 * np.sin(2 * np.pi * 0.7 * time)) / WORK_RATE_HZ
    buzz = sum(np.sin(k * cycle) / k for k in range(1, 40))
    return (0.1 * buzz * (0.55 + 0.45 * np.sin(2 * np.pi * 4 * time))).astype(np.float32)


def correlation_at_best_lag(a: np.ndarray, b: np.ndarray) -> float:
    size = a.size + b.size
    cross = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)
    return float(np.max(np.abs(cross)) / (np.linalg.norm(a) * np.linalg.norm(b)))


def test_when_seed_clip_and_variant_are_the_same_then_the_channel_is_the_same():
    first, done = randomise(voice(), [], rng_for(7, "a.wav", "ch0"))
    again, done_again = randomise(voice(), [], rng_for(7, "a.wav", "ch0"))
    assert done == done_again
    np.testing.assert_array_equal(first, again)


def test_when_the_variant_differs_then_the_channel_differs():
    plans = {tuple(randomise(voice(1.0), [], rng_for(7, "a.wav", f"ch{n}"))[1]) for n in range(8)}
    assert len(plans) > 4


def test_when_many_channels_are_drawn_then_all_stay_finite_audible_and_near_the_length():
    for number in range(60):
        out, done = randomise(voice(1.5), [voice(1.0)[::-1].copy()], rng_for(1, "b.wav", str(number)))
        assert np.isfinite(out).all(), done
        assert rms(out) > 1e-3, done
        assert 0.6 < out.size / (1.5 * WORK_RATE_HZ) < 1.1, done


def test_when_many_channels_are_drawn_then_a_third_or_more_is_told_to_keep_the_bandwidth():
    wide = sum(randomise(voice(0.5), [], rng_for(2, "c.wav", str(n)))[1][0].endswith("wide") for n in range(150))
    assert 0.28 < wide / 150 < 0.48


def test_when_there_is_only_silence_then_nothing_is_done():
    out, done = randomise(np.zeros(1000, np.float32), [], rng_for(1, "d.wav", "ch0"))
    assert done == ["none"]
    assert not out.any()


@pytest.mark.parametrize(
    ("setting", "least"),
    [
        (CodecSetting("mp3", 44100, 64_000), 0.97),
        (CodecSetting("aac", 44100, 64_000), 0.97),
        (CodecSetting("opus", 48000, 24_000), 0.9),
        (CodecSetting("vorbis", 24000, 56_000), 0.95),
        (CodecSetting("amrnb", 8000, 12_200), 0.7),
        (CodecSetting("gsm", 8000), 0.8),
        (CodecSetting("g722", 16000, 64_000), 0.95),
        (CodecSetting("mulaw", 8000), 0.9),
        (CodecSetting("alaw", 8000), 0.9),
        (CodecSetting("adpcm", 16000), 0.9),
    ],
    ids=lambda value: getattr(value, "label", value),
)
def test_when_a_codec_is_gone_through_then_the_same_speech_comes_back(setting, least):
    speech = voice()
    back = round_trip(speech, setting)
    assert back.size == speech.size
    assert correlation_at_best_lag(speech, back) > least
    assert 0.7 < rms(back) / rms(speech) < 1.2


def test_when_the_input_is_beyond_full_scale_then_a_codec_keeps_its_level():
    loud = 20 * voice(1.0)
    assert 0.7 < rms(round_trip(loud, CodecSetting("mulaw", 8000))) / rms(loud) < 1.2

"""Codec round trips, in process (PyAV, libsndfile): what a recording meets on its way.

A codec takes and returns mono float32 at WORK_RATE_HZ; it runs at a rate of its own.
"""

import io
from dataclasses import dataclass

import av
import numpy as np
import soundfile as sf

from .corpus_audio import WORK_RATE_HZ, decode_native, resample


@dataclass(frozen=True)
class CodecSetting:
    """One codec at one operating point. `bit_rate` is bits a second, 0 where the codec fixes it."""

    name: str
    rate_hz: int
    bit_rate: int = 0

    @property
    def label(self) -> str:
        kilobits = f"-{self.bit_rate / 1000:g}k" if self.bit_rate else ""
        return f"{self.name}{kilobits}@{self.rate_hz}"


# name -> (encoder, container); containers are in memory
_AV_CODECS = {
    "mp3": ("libmp3lame", "mp3"),
    "aac": ("aac", "adts"),
    "opus": ("libopus", "ogg"),
    "amrnb": ("libopencore_amrnb", "amr"),
    "g722": ("g722", "g722"),
    "mulaw": ("pcm_mulaw", "wav"),
    "alaw": ("pcm_alaw", "wav"),
    "wma": ("wmav2", "asf"),
    "sbc": ("sbc", "sbc"),
}
# without a container that says what they are
_BARE_CODECS = ("g722", "sbc")
# name -> (libsndfile format, subtype)
_SF_CODECS = {
    "gsm": ("WAV", "GSM610"),
    "adpcm": ("WAV", "IMA_ADPCM"),
    "vorbis": ("OGG", "VORBIS"),
}

_AMR_RATES = (4750, 5150, 5900, 6700, 7400, 7950, 10200, 12200)
_NARROW = ("amrnb", "mulaw", "alaw", "gsm", "opus8")


def _encode_av(samples: np.ndarray, setting: CodecSetting) -> io.BytesIO:
    encoder, container = _AV_CODECS[setting.name]
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as out:
        stream = out.add_stream(encoder, rate=setting.rate_hz, layout="mono")
        if setting.bit_rate:
            stream.bit_rate = setting.bit_rate
        pcm = np.clip(samples * 32767, -32768, 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(pcm[None, :], format="s16", layout="mono")
        frame.rate = setting.rate_hz
        for packet in (*stream.encode(frame), *stream.encode(None)):
            out.mux(packet)
    buffer.seek(0)
    return buffer


def _round_trip_sf(samples: np.ndarray, setting: CodecSetting) -> np.ndarray:
    container, subtype = _SF_CODECS[setting.name]
    buffer = io.BytesIO()
    # libsndfile's scale for vorbis runs from 0 (best) to 1; bit_rate names a mono rate near it
    level = float(np.clip(1.05 - setting.bit_rate / 110_000, 0.0, 1.0)) if setting.bit_rate else None
    sf.write(buffer, samples, setting.rate_hz, format=container, subtype=subtype, compression_level=level)
    buffer.seek(0)
    return sf.read(buffer, dtype="float32")[0]


def round_trip(samples: np.ndarray, setting: CodecSetting) -> np.ndarray:
    """Encode and decode; the result has the input's length and level, at WORK_RATE_HZ."""
    peak = float(np.max(np.abs(samples))) + 1e-9
    scale = min(1.0, 0.98 / peak)
    inner = resample(samples * scale, WORK_RATE_HZ, setting.rate_hz)
    if setting.name in _SF_CODECS:
        decoded, rate = _round_trip_sf(inner, setting), setting.rate_hz
    else:
        hint = setting.name if setting.name in _BARE_CODECS else None
        decoded, rate = decode_native(_encode_av(inner, setting), hint)
    out = resample(decoded, rate, WORK_RATE_HZ) / scale
    if out.size < samples.size:
        out = np.pad(out, (0, samples.size - out.size))
    return out[: samples.size].astype(np.float32)


def _pick(rng: np.random.Generator, values):
    return values[int(rng.integers(len(values)))]


def draw_wide(rng: np.random.Generator) -> CodecSetting:
    """A codec that keeps at least 7 kHz of bandwidth."""
    name = _pick(rng, ("mp3", "aac", "opus", "vorbis", "g722", "wma", "sbc", "mp3", "aac", "opus"))
    if name == "mp3":
        return CodecSetting("mp3", _pick(rng, (22050, 24000, 44100)), 1000 * _pick(rng, (48, 56, 64, 96, 128)))
    if name == "aac":
        return CodecSetting("aac", _pick(rng, (22050, 24000, 44100)), 1000 * _pick(rng, (40, 48, 64, 96)))
    if name == "opus":
        return CodecSetting("opus", _pick(rng, (24000, 48000)), 1000 * _pick(rng, (20, 24, 32, 40, 48)))
    if name == "vorbis":
        return CodecSetting("vorbis", _pick(rng, (22050, 24000)), 1000 * _pick(rng, (40, 56, 80)))
    if name == "wma":
        return CodecSetting("wma", _pick(rng, (22050, 44100)), 1000 * _pick(rng, (48, 64, 96, 128)))
    if name == "sbc":
        return CodecSetting("sbc", 16000, 1000 * _pick(rng, (64, 96)))
    return CodecSetting("g722", 16000, 64000)


def draw_narrow(rng: np.random.Generator) -> CodecSetting:
    """A telephone codec or a music codec at a rate that costs bandwidth or quality."""
    name = _pick(rng, (*_NARROW, "mp3", "aac", "opus", "vorbis", "wma", "adpcm"))
    if name == "amrnb":
        return CodecSetting("amrnb", 8000, _pick(rng, _AMR_RATES))
    if name in ("mulaw", "alaw", "gsm"):
        return CodecSetting(name, 8000)
    if name == "opus8":
        return CodecSetting("opus", 48000, 1000 * _pick(rng, (6, 8, 9, 10)))
    if name == "mp3":
        return CodecSetting("mp3", _pick(rng, (16000, 22050)), 1000 * _pick(rng, (24, 32, 40)))
    if name == "aac":
        return CodecSetting("aac", _pick(rng, (16000, 22050)), 1000 * _pick(rng, (24, 32)))
    if name == "opus":
        return CodecSetting("opus", 48000, 1000 * _pick(rng, (12, 14, 16)))
    if name == "vorbis":
        return CodecSetting("vorbis", _pick(rng, (16000, 22050)), 1000 * _pick(rng, (16, 24, 32)))
    if name == "wma":
        return CodecSetting("wma", _pick(rng, (16000, 22050)), 1000 * _pick(rng, (24, 32)))
    return CodecSetting("adpcm", _pick(rng, (8000, 11025, 16000)))


# What the corpus itself is stored as (its README): the class says nothing of these.
STORAGE_CODECS = {
    "opus": CodecSetting("opus", 24000, 40_000),
    "mp3": CodecSetting("mp3", 24000, 56_000),
    "vorbis": CodecSetting("vorbis", 24000, 56_000),
    "aac": CodecSetting("aac", 24000, 56_000),
}

"""Manifest, groups, twins and splices at their front doors."""

import json
from dataclasses import replace

import numpy as np
import pytest

from bonafide_training import copysynth_spectral as spectral
from bonafide_training import copysynth_world as world
from bonafide_training.channel import rng_for
from bonafide_training.corpus import groups, load_clips
from bonafide_training.corpus_audio import WORK_RATE_HZ, load, save
from bonafide_training.corpus_keys import canonical_generator, waveform_part
from bonafide_training.corpus_speakers import speaker_groups
from bonafide_training.make_corpus_long import LEAST_SEC, long_tasks, make_long
from bonafide_training.make_corpus_rows import original_row
from bonafide_training.make_corpus_splices import make_splice, splice_tasks

from test_channel import voice

ROW = {
    "path": "train/real/a.wav", "probe": False, "split": "train", "label": "real", "source": "x/page",
    "generator": None, "generator_key": None, "family": None, "speaker": "p225", "language": "en", "pair": None,
    "licence": "MIT", "origin_codec": "flac", "origin_sample_rate": 16000, "codec": "flac", "duration": 3.0, "note": None,
}


@pytest.fixture
def corpus(tmp_path):
    rows = [{**ROW, "path": f"train/real/{n}.flac"} for n in range(4)]
    rows += [{**ROW, "path": f"train/fake/{n}.flac", "label": "fake", "generator_key": "hifiganv2"} for n in range(2)]
    for number, row in enumerate(rows):
        save(tmp_path / row["path"], voice(3.0) * (1 + 0.1 * number))
    (tmp_path / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


def test_when_pages_name_versions_of_a_system_then_they_share_a_key():
    assert canonical_generator("hifiganv2") == canonical_generator("hifigancopysyn") == "hifigan"
    assert canonical_generator("worldcopysyn") == canonical_generator("worldcodedmcep") == "world"
    assert canonical_generator("larynx") == "glowtts+hifigan"
    assert canonical_generator("autovcf0") == "autovc"


def test_when_a_key_is_canonical_then_it_stays_as_it_is():
    for rough in ("mbmelgan+tensorflowttstacotron2fs2", "festivalkaldiphone", "knnvcworld", "vits"):
        once = canonical_generator(rough)
        assert canonical_generator(once) == once


def test_when_a_pipeline_names_its_vocoder_then_that_part_is_found():
    assert waveform_part("hifigan+tacotron2") == "hifigan"
    assert waveform_part("vits") == "vits"


def test_when_a_corpus_speaker_is_spelt_in_different_ways_then_the_group_is_one():
    assert speaker_groups("p225", "a") == speaker_groups("VCTK-p225", "b") == speaker_groups("target-p225", "c")
    assert speaker_groups("ls121", "a") == speaker_groups("LibriTTS-121", "b")


def test_when_a_conversion_names_two_speakers_then_both_are_groups():
    assert speaker_groups("VCTK-p270/p231", "a") == ("VCTK-p231", "VCTK-p270")
    assert speaker_groups("r/a:p226>p231", "b") == ("VCTK-p226", "VCTK-p231")


def test_when_the_speaker_is_unknown_then_there_is_no_group():
    assert speaker_groups("LibriTTS-unknown", "a") == speaker_groups(None, "a") == ()


def test_when_a_twin_refers_to_a_real_clip_then_they_share_a_pair(corpus):
    clips = load_clips(corpus)
    assert groups(clips[0]).pairs == ("train/real/0.flac",)
    assert groups(clips[-1]).generator_key == "hifigan"


@pytest.mark.parametrize(
    "make",
    [world.plain, world.coded, world.convert, world.praat, spectral.griffin_lim, spectral.lost_phase,
     spectral.harmonics_and_noise, spectral.lpc],
    ids=lambda make: make.__name__,
)
def test_when_a_twin_is_made_then_it_is_audible_new_and_of_the_same_length(make):
    speech = voice(1.5)
    twin, label = make(speech, rng_for(3, "clip", make.__name__))
    assert label
    assert abs(twin.size - speech.size) < 0.1 * WORK_RATE_HZ
    assert np.isfinite(twin).all()
    assert 0.3 < np.std(twin) / np.std(speech) < 3
    size = min(twin.size, speech.size)
    assert np.linalg.norm(twin[:size] - speech[:size]) > 0.05 * np.linalg.norm(speech[:size])


def test_when_a_phrase_is_spliced_in_then_the_segments_cover_the_clip_and_name_the_phrase(corpus, tmp_path):
    rows = [original_row(clip, corpus) for clip in load_clips(corpus)]
    tasks = splice_tasks(rows, "train", 12, tmp_path / "out", seed=7)
    assert len(tasks) == 12
    for task in tasks:
        (made,) = make_splice(task)
        segments = made["segments"]
        assert segments[0]["start_sec"] == 0
        assert segments[-1]["end_sec"] == pytest.approx(made["duration_sec"], abs=1e-3)
        assert all(a["end_sec"] == b["start_sec"] for a, b in zip(segments, segments[1:]))
        assert load(made["path"]).size / WORK_RATE_HZ == pytest.approx(made["duration_sec"], abs=0.01)
        fakes = [item for item in segments if item["label"] == "fake"]
        assert len(fakes) == (0 if task.kind == "control" else 1)
        assert all(0.9 <= item["end_sec"] - item["start_sec"] <= 3.1 for item in fakes)


def test_when_clips_are_joined_then_each_recording_is_long_enough_and_of_one_kind(corpus, tmp_path):
    rows = [original_row(clip, corpus) for clip in load_clips(corpus)]
    tasks = long_tasks(rows, "train", tmp_path / "long")
    made = [row for task in tasks for row in make_long(replace(task, rows=task.rows * 30))]
    assert {row["label"] for row in made} == {"real", "fake"}
    by_id = {row.clip: row for row in rows}
    for row in made:
        assert LEAST_SEC - 1 < load(row["path"]).size / WORK_RATE_HZ < LEAST_SEC + 6
        assert {(by_id[clip].source, by_id[clip].generator_key) for clip in row["clips"]} == {
            (row["source"], row["generator_key"])
        }


def test_when_clips_are_too_few_then_there_is_no_recording(corpus, tmp_path):
    rows = [original_row(clip, corpus) for clip in load_clips(corpus)]
    assert [row for task in long_tasks(rows, "train", tmp_path / "long") for row in make_long(task)] == []

"""What is made of added recordings: by the real decoder and extractor, and forgotten when they are taken back."""

import json
import shutil
from argparse import Namespace
from pathlib import Path

import onnx
import pytest

from bonafide_training.additions import read_additions
from bonafide_training.additions_make import prepare_additions, run_folder
from bonafide_training.dataset import read_jsonl
from bonafide_training.feedback import clip_id, forget_withdrawn

from toy_encoder import toy_encoder

FIXTURES = Path(__file__).resolve().parents[2] / "tests" / "fixtures"
ORIGIN = {"probe": False, "source": "a", "generator_key": None, "family": None, "speaker": "unknown", "language": "en",
          "pair": None, "generator": None, "licence": "CC0", "codec": "flac", "duration": 3.0}


@pytest.fixture
def place(tmp_path):
    """A corpus of one recording, an encoder, a cache with an empty list, and a folder to be added."""
    (tmp_path / "corpus").mkdir()
    shutil.copy(FIXTURES / "real-it.flac", tmp_path / "corpus")
    (tmp_path / "corpus" / "manifest.jsonl").write_text(
        json.dumps(ORIGIN | {"path": "real-it.flac", "split": "train", "label": "real"}) + "\n")
    (tmp_path / "variants.jsonl").write_text("")
    onnx.save(toy_encoder(), tmp_path / "encoder.onnx")
    for name in ("real", "fake/voice"):
        (tmp_path / "new" / name).mkdir(parents=True)
    shutil.copy(FIXTURES / "real-en-3s.wav", tmp_path / "new" / "real")
    shutil.copy(FIXTURES / "fake-en.ogg", tmp_path / "new" / "fake" / "voice")
    return tmp_path


def prepared(place: Path, given: Path):
    """The names of the recordings that are trained on, and the folder of the training."""
    options = Namespace(add=[str(given)], cache=place, corpus=place / "corpus", hold_out=0.0, seed=7)
    run = run_folder(place, options.add)
    variants, _ = prepare_additions(place / "variants.jsonl", read_additions(options.add, place),
                                    place / "encoder.onnx", options, run)
    return {Path(row["path"]).name for row in read_jsonl(variants) if row["kind"] == "original"}, run


def test_when_a_folder_holds_more_than_recordings_then_the_rest_is_left_out_with_a_reason(place, capfd):
    for name in ("real/README.txt", "fake/voice/README.txt"):
        (place / "new" / name).write_text("The same note on both sides.")
    (place / "new" / "real" / "cover.jpg").write_bytes(bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9"))
    (place / "new" / "real" / "broken.wav").touch()
    names, run = prepared(place, place / "new")
    assert names == {"real-en-3s.wav", "fake-en.ogg"}
    assert len(list(run.glob("channel/*/*.flac"))) == 6
    said = capfd.readouterr().out
    for name in ("README.txt: not_audio", "cover.jpg: ", "broken.wav: "):
        assert name in said


def test_when_nothing_that_is_added_is_a_recording_then_that_is_said(place):
    for file in (place / "new").rglob("*.*"):
        file.unlink()
    (place / "new" / "real" / "README.txt").write_text("Nothing here yet.")
    with pytest.raises(ValueError, match="nothing of what is added"):
        prepared(place, place / "new")


def test_when_a_recording_is_taken_back_then_what_trainings_made_of_it_goes_and_other_trainings_stay(place):
    lines = [{"path": "real/real-en-3s.wav", "label": "real", "source": "feedback:a caller"},
             {"path": "fake/voice/fake-en.ogg", "label": "fake", "source": "feedback:a caller"}]
    runs = []
    for count in (2, 1):
        (place / "new" / f"list-{count}.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines[:count]))
        runs.append(prepared(place, place / "new" / f"list-{count}.jsonl")[1])
    kept = {clip_id(place / "new" / line["path"]) for line in lines}
    assert forget_withdrawn(place, kept) == []
    withdrawn = clip_id(place / "new" / lines[1]["path"])
    assert forget_withdrawn(place, kept - {withdrawn}) == [runs[0]]
    assert list(runs[0].iterdir()) == []
    assert len(list(runs[1].glob("channel/*/*.flac"))) == 3

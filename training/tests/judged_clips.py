"""Clips as the corpus lists them, made up for the tests of the evaluation."""

import json


def clip(split, label, source, number, generator=None, **changes):
    row = {
        "path": f"{split}/{label}/{source}/{generator or 'voice'}-{number}.flac",
        "split": split,
        "label": label,
        "probe": False,
        "source": source,
        "generator": generator,
        "generator_key": generator,
        "family": {"alpha": "vits", "beta": "flow", "gamma": "diffusion"}.get(generator),
        "speaker": "unknown",
        "language": "en" if number % 2 else "zh",
        "pair": None,
        "licence": "MIT",
        "origin_sample_rate": 16000 if number % 3 else 48000,
        "codec": "flac" if number % 2 else "mp3",
        "duration": 1.5 + number % 4,
    }
    return {**row, **changes}


def write_lines(file, rows):
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

"""The evaluation from its front door: score files in, evaluation.json, text and model card out."""

import json

import numpy as np
import pytest

from bonafide_training import evaluate as command
from bonafide_training.card import write_card
from bonafide_training.evaluation_print import render
from bonafide_training.evaluation_report import Options, build_report
from judged_clips import clip, write_lines

GENERATORS = {"train": ("alpha", "beta"), "dev": ("alpha", "gamma")}
MEMBERS = ("xgboost", "random_forest", "svm")


def manifest_rows():
    rows = []
    for split, generators in GENERATORS.items():
        for page in range(4):
            source = f"{split}-page-{page}"
            rows += [clip(split, "real", source, number) for number in range(10)]
            rows += [clip(split, "fake", source, number, name) for name in generators for number in range(5)]
    return [*rows, clip("dev", "fake", "dev-page-0", 99, "codec", probe=True, family="neural-codec")]


def scores_for(rows, split, kind, hard):
    """A detector that is right except on generators named in `hard`, which it takes for real."""
    for index, row in enumerate(one for one in rows if one["split"] == split):
        sure = row["label"] == "fake" and row["generator_key"] not in hard
        p_fake = (0.8 if sure else 0.2) + (index % 10) / 100
        undecided = index % 10 == 0
        yield {
            "path": row["path"],
            "kind": kind,
            "p_fake": p_fake,
            "classic": p_fake,
            "members": dict.fromkeys(MEMBERS, p_fake),
            "decision": {
                "status": "inconclusive" if undecided else "conclusive",
                "reasons": [{"code": "music", "value": 1, "limit": 0}] if undecided else [],
            },
        }


def spliced(label, fake_windows):
    windows = [{"start_sec": 2 * i, "end_sec": 2 * i + 4, "label": int(i in fake_windows)} for i in range(4)]
    scored = [{**window, "p_fake": 0.9 if window["label"] else 0.1} for window in windows]
    return {"id": label, "label": label, "p_fake": 0.5, "partially_cloned": label == "spliced", "segments": scored}


def long(rows, label, p_fake, status="conclusive"):
    """A recording of the clips of one page, with a score of its own."""
    paths = [row["path"] for row in rows if row["source"] == "dev-page-0" and row["label"] == label and not row["probe"]]
    return {"id": f"{label} {p_fake}", "label": label, "source": "dev-page-0", "clips": paths, "p_fake": p_fake,
            "decision": {"status": status, "reasons": []}, "partially_cloned": p_fake > 0.8}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("evaluation")
    corpus, cache, bundle = (root / name for name in ("corpus", "cache", "models/demo"))
    for folder in (corpus, cache, bundle):
        folder.mkdir(parents=True)
    rows = manifest_rows()
    write_lines(corpus / "manifest.jsonl", rows)
    write_lines(cache / "scores-cv.jsonl", scores_for(rows, "train", "original", hard={"beta"}))
    write_lines(cache / "scores-random.jsonl", scores_for(rows, "train", "original", hard=set()))
    write_lines(cache / "scores-dev.jsonl", scores_for(rows, "dev", "original", hard={"gamma"}))
    copies = [row for hard in ({"alpha", "gamma"}, {"gamma"}) for row in scores_for(rows, "dev", "mp3_32k", hard)]
    write_lines(cache / "scores-robustness.jsonl", copies)
    write_lines(
        cache / "scores-spliced.jsonl", [spliced("spliced", {1}), spliced("real", set()), spliced("fake", {0, 1, 2, 3})]
    )
    write_lines(
        cache / "scores-long.jsonl",
        [long(rows, "real", 0.1), long(rows, "real", 0.6, "inconclusive"), long(rows, "fake", 0.7), long(rows, "fake", 0.9)],
    )
    manifest = {
        "version": "1.2.3",
        "feature_version": "7",
        "window_sec": 4,
        "hop_sec": 2,
        "features": [{}] * 154,
        "members": [{"name": name, "kind": "features"} for name in MEMBERS],
        "default_ensemble": "full",
        "ensembles": {
            name: {"fusion": {"members": list(MEMBERS), "weights": {member: 0.5 for member in MEMBERS}}}
            for name in ("full", "classic")
        },
        "thresholds": {"recall": 0.3, "balanced": 0.5, "precision": 0.85},
        "limits": {"near_threshold": 0.2},
        "training": {"fitted_on": ["train", "dev"]},
    }
    (bundle / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return corpus, cache, bundle


def metadata_of(corpus):
    rng = np.random.default_rng(0)
    columns = ("duration_sec", "sample_rate_hz", "loudness_dbfs", "bandwidth_hz", "dc_offset", "peak_dbfs")
    names = (*columns, "leading_silence_sec", "digital_silence_ratio")
    paths = [json.loads(line)["path"] for line in (corpus / "manifest.jsonl").read_text().splitlines()]
    return {path: dict(zip(names, rng.normal(size=len(names)).tolist(), strict=True)) for path in paths}


@pytest.fixture(scope="module")
def report(folders):
    corpus, cache, bundle = folders
    return build_report(Options(corpus, cache, bundle, 20), metadata_of(corpus), {}, [])


def test_when_one_of_two_generators_is_missed_then_the_macro_figure_is_their_mean(report):
    fusion = report["protocols"]["dev"]["fusion"]
    by_name = {row["name"]: row["eer"] for row in fusion["macro_generators"]["groups"]}
    assert by_name["alpha"] == 0.0 and by_name["gamma"] > 0.3
    assert fusion["macro_generators"]["eer"] == pytest.approx((by_name["alpha"] + by_name["gamma"]) / 2)
    assert fusion["worst_generators"][0]["name"] == "gamma"


def test_when_a_threshold_is_shipped_then_its_rates_and_slices_are_given(report):
    fusion = report["protocols"]["dev"]["fusion"]
    assert fusion["profiles"]["balanced"]["fpr"] == 0.0 and fusion["profiles"]["balanced"]["fnr"] == 0.5
    assert set(fusion["slices"]) == {"source", "language", "codec", "sample_rate", "duration"}
    assert all(row["fpr"] == 0.0 and row["fnr"] == 0.5 for row in fusion["slices"]["source"])
    assert set(report["protocols"]["dev"]) == {"fusion", "classic", *MEMBERS}


def test_when_a_clip_is_a_probe_then_it_is_reported_apart_and_counted_nowhere_else(report):
    assert report["protocols"]["dev"]["fusion"]["clips"] == {"real": 40, "fake": 40, "without_score": 0}
    assert [(row["generator"], row["n"]) for row in report["probes"]] == [("codec", 1)]
    counts = report["corpus"]
    assert sum(counts["languages"]["dev"].values()) == sum(counts["clips"]["dev"].values()) == 80
    assert "codec" not in report["corpus"]["generators"]["dev"]


def test_when_train_knows_a_generator_then_dev_is_shown_apart_for_it(report):
    novelty = report["dev_by_novelty"]
    assert novelty["known_generators"]["fusion"]["macro_eer"] == 0.0
    assert novelty["unknown_generators"]["fusion"]["macro_eer"] > 0.3
    assert novelty["unknown_generators"]["fusion"]["clips"] == {"real": 40, "fake": 20, "without_score": 0}


def test_when_the_random_split_flatters_then_the_gap_and_a_warning_say_so(report):
    assert report["leakage_gap"]["random"] == 0.0
    assert report["leakage_gap"]["gap"] == pytest.approx(report["leakage_gap"]["held_out"])
    assert not any("leak until" in text for text in report["warnings"])


def test_when_answers_are_inconclusive_then_their_share_and_reasons_are_given(report):
    decided = report["protocols"]["dev"]["fusion"]["decisions"]
    assert decided["inconclusive"] == pytest.approx(0.1, abs=0.02)
    assert list(decided["reasons"]) == ["music"] and decided["conclusive_fpr"] == 0.0


def test_when_a_profile_is_stricter_then_more_answers_are_inconclusive_and_the_rest_keep_to_it(report):
    profiles = report["protocols"]["dev"]["fusion"]["profiles"]
    # Fakes score .80 to .89 and real clips .20 to .29: by .85 half of the fakes lie too near to it or below.
    assert profiles["balanced"]["inconclusive"] == report["protocols"]["dev"]["fusion"]["decisions"]["inconclusive"]
    assert profiles["precision"]["inconclusive"] > profiles["balanced"]["inconclusive"]
    assert profiles["precision"]["conclusive_fpr"] == 0.0
    # Fakes that are taken for real lie below every threshold by a margin, but not below .3.
    assert profiles["recall"]["inconclusive"] > profiles["balanced"]["inconclusive"]


def test_when_figures_are_given_then_each_has_an_interval_around_it(report):
    fusion = report["protocols"]["dev"]["fusion"]
    told = [(fusion["pooled"], ("min_dcf", "min_cllr")), (fusion["calibration"], ("act_dcf", "cllr", "ece"))]
    for figures, names in [*told, (fusion["decisions"], ("inconclusive", "conclusive_fnr"))]:
        for name in names:
            low, high = figures[f"{name}_interval"]
            assert low <= high and low - 0.1 <= figures[name] <= high + 0.1


def test_when_audio_is_degraded_then_the_same_clips_untouched_stand_beside_it(report):
    (row,) = report["robustness"]
    assert row["clips"] == {"real": 80, "fake": 80, "without_score": 0}
    assert row["condition"] == "mp3_32k" and row["macro_eer"] > row["clean_macro_eer"]
    assert row["clean_macro_eer"] == pytest.approx(report["protocols"]["dev"]["fusion"]["macro_generators"]["eer"])


def test_when_only_one_window_is_cloned_then_windows_are_judged_one_by_one(report):
    assert report["spliced"]["segment_eer"] == 0.0
    assert report["spliced"]["segments"] == {"real": 3, "fake": 1}
    assert report["spliced"]["said_partially_cloned"] == {"spliced": 1.0, "real": 0.0, "fake": 0.0}


def test_when_recordings_are_longer_then_their_clips_alone_stand_beside_them(report):
    figures = report["long"]
    assert figures["recordings"] == {"real": 2, "fake": 2} and figures["sources"] == 1
    assert (figures["eer"], figures["fpr"], figures["fnr"]) == (0.0, 0.5, 0.0)
    assert 0 < figures["conclusive"]["cllr"] < figures["cllr"]
    assert figures["inconclusive"] == 0.25 and (figures["conclusive"]["recordings"], figures["conclusive"]["fpr"]) == (3, 0.0)
    # Half of the page's cloned clips are of the generator that is taken for real.
    assert figures["clips_alone"]["clips"] == 40 and figures["clips_alone"]["fnr"] == 0.5
    assert figures["said_partially_cloned"] == {"real": 0.0, "fake": 0.5}


def test_when_metadata_are_noise_then_the_metadata_model_is_near_chance(report):
    assert 0.3 < report["baselines"]["dev"]["metadata"]["pooled"]["eer"] < 0.7


def test_when_nothing_was_trained_then_the_report_says_what_is_missing(folders, tmp_path):
    corpus, _, bundle = folders
    report = build_report(Options(corpus, tmp_path, bundle, 5), metadata_of(corpus), {}, [])
    assert report["protocols"]["dev"] is None and report["spliced"] is None
    assert report["long"] is None
    assert any("no scores" in text for text in report["warnings"])


def test_when_the_card_is_written_then_it_repeats_the_evaluation_and_says_what_a_score_is_not(folders, report):
    bundle = folders[2]
    (bundle / "evaluation.json").write_text(json.dumps(report), encoding="utf-8")
    card = write_card(bundle, bundle.parent / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "A score is not proof" in card and "`train` and `dev`" in card
    rate = 100 * report["protocols"]["dev"]["fusion"]["macro_generators"]["eer"]
    assert f"| fusion | {rate:.1f} [" in card
    for heading in ("Aims", "Figures", "Thresholds", "Calibration", "Robustness", "Where it fails", "Longer recordings", "Sources"):
        assert f"\n## {heading}\n" in card
    assert "mp3_32k" in card and "gamma" in render(report)


def test_when_an_outside_detector_is_given_then_it_is_judged_by_its_scores_alone(folders, tmp_path, capsys):
    corpus = folders[0]
    scores = tmp_path / "other-scores.csv"
    lines = [f"{row['path']},{-5 if row['label'] == 'real' else 7}" for row in manifest_rows() if row["split"] == "dev"]
    scores.write_text("path,score\n" + "\n".join(lines) + "\n", encoding="utf-8")
    command.main(["--corpus", str(corpus), "--scores", str(scores), "--replicates", "5"])
    assert "other on dev         0.0" in capsys.readouterr().out

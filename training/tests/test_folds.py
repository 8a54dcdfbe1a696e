"""Who may be judged on, who is kept out of training for it, and what the source intercepts are for."""

import numpy as np

from bonafide_training.dataset import Dataset
from bonafide_training.folds import ADDED_EMPHASIS, MADE_SHARE, clip_weights, corpus_folds, hold_out, is_made, training_weights
from bonafide_training.logistic import fit_logistic


def clip(name, label, page, kind="original", generator=None, pair=None, origin=None):
    return {"id": name, "clip": origin or name, "label": label, "page_group": page, "source": page, "kind": kind,
            "generator_key": generator, "pair": pair, "speaker": None, "probe": False}


CLIPS = [
    clip("a/real", "real", "a"),
    clip("a/fake", "fake", "a", generator="g1"),
    clip("a/real#ch0", "real", "a", kind="channel", origin="a/real"),
    clip("a/real#twin-world", "fake", "a", kind="twin", generator="world", pair="a/real", origin="a/real"),
    clip("a/real#twin-world#ch0", "fake", "a", kind="channel", generator="world", pair="a/real", origin="a/real"),
    clip("b/real", "real", "b"),
    clip("b/fake", "fake", "b", generator="g1"),
    clip("c/fake", "fake", "c", generator="g2"),
    clip("engine:e:0", "fake", "e", kind="engine", generator="e"),
]


def test_when_a_page_is_held_out_then_only_its_recordings_and_their_copies_are_judged():
    train, validation = hold_out(CLIPS, {"a": 0, "b": 1, "c": 1}, 0)
    assert [c["id"] for c, kept in zip(CLIPS, validation) if kept] == ["a/real", "a/fake", "a/real#ch0"]
    assert [c["id"] for c, kept in zip(CLIPS, train) if kept] == ["b/real", "c/fake", "engine:e:0"]


def test_when_clips_are_weighed_then_both_classes_weigh_the_same_and_made_ones_their_share():
    weights = clip_weights(CLIPS, np.ones(len(CLIPS), bool), 0.5, MADE_SHARE)
    fake = np.array([c["label"] == "fake" for c in CLIPS])
    made = np.array([is_made(c) for c in CLIPS])
    assert np.isclose(weights[fake].sum(), weights[~fake].sum())
    assert np.isclose(weights[fake & made].sum() / weights[fake].sum(), MADE_SHARE[1])


def test_when_recordings_are_added_then_they_keep_nothing_of_the_corpus_from_training_and_are_not_judged():
    fold_of = {"a": 0, "b": 1, "c": 1}
    before, judged = hold_out(CLIPS, fold_of, 0)
    added = [clip("added:1", "fake", "a", generator="g2"), clip("added:2", "fake", "new", generator="g2")]
    train, validation = hold_out([*CLIPS, *added], fold_of, 0)
    assert list(train) == [*before, False, True]
    assert list(validation) == [*judged, False, False]


def test_when_recordings_are_added_then_the_pages_of_the_corpus_keep_their_folds():
    corpus = [clip(f"p{page}/{n}", ("real", "fake")[n % 2], f"p{page}") for page in range(12) for n in range(page + 2)]
    added = [clip(f"added:{n}", "fake", page) for n, page in enumerate(["p0"] * 40 + ["new"] * 30)]
    assert corpus_folds([*added, *corpus], 5, 7) == corpus_folds(corpus, 5, 7)


def test_when_recordings_were_added_then_they_and_their_copies_weigh_more_in_training():
    fakes = [clip(f"{kind}{n}", "fake", kind, generator=kind) for kind in ("added:", "p/") for n in range(2)]
    clips = [*fakes, clip("added:0#ch0", "fake", "added:", kind="channel", generator="added:", origin="added:0"),
             clip("p/0#ch0", "fake", "p/", kind="channel", generator="p/", origin="p/0"), clip("r", "real", "p/")]
    rows = np.zeros((len(clips), 1), np.float32)
    data = Dataset(rows, None, np.arange(len(clips), dtype=np.int32), rows[:, 0], [], clips, ["x"], [])
    weights = dict(zip((c["id"] for c in clips), training_weights(data, np.ones(len(clips), bool))))
    for name in ("0", "1", "0#ch0"):
        assert np.isclose(weights[f"added:{name}"], ADDED_EMPHASIS * weights[f"p/{name}"])


def test_when_sources_have_intercepts_then_what_tells_sources_apart_earns_nothing():
    rng = np.random.default_rng(1)
    source = np.repeat([0, 1], 200)
    labels = (rng.random(400) < np.where(source == 0, 0.2, 0.8)).astype(int)
    rows = np.stack([source * 2.0 - 1, labels + rng.normal(0, 1, 400)], axis=1)
    plain, _ = fit_logistic(rows, labels, np.ones(400), 0.05)
    within, _ = fit_logistic(rows, labels, np.ones(400), 0.05, source)
    assert abs(within[0]) < 0.5 * abs(plain[0])
    assert within[1] > 0.5

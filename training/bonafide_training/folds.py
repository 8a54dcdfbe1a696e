"""Grouped folds: no page, speaker or generator on both sides; row weights that balance sources and generators."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np

from .corpus_speakers import speaker_groups
from .dataset import Dataset

# Share of the real and of the fake class that clips made or added by the project weigh in training.
MADE_SHARE = (0.1, 0.3)
# What was added (`npm run train -- --add`) weighs so many times as much in training as clips of the corpus: a few dozen
# recordings of what the detector misses are otherwise lost among tens of thousands.
ADDED_EMPHASIS = 5.0


def assign_folds(clips: list[dict], folds: int, seed: int) -> dict[str, int]:
    """Page group -> fold. Groups are dealt, largest first, to the fold that lacks most of their class."""
    size: dict[str, Counter] = defaultdict(Counter)
    for clip in clips:
        size[clip["page_group"]][clip["label"]] += 1
    order = sorted(size, key=lambda group: (-sum(size[group].values()), group))
    rng = np.random.default_rng(seed)
    load = np.zeros((folds, 2))
    total = np.array([sum(c["label"] == label for c in clips) for label in ("real", "fake")], float)
    result = {}
    for group in order:
        counts = np.array([size[group]["real"], size[group]["fake"]], float) / np.maximum(total, 1)
        after = ((load + counts) ** 2).sum(1) - (load**2).sum(1) + rng.uniform(0, 1e-4, folds)
        fold = int(np.argmin(after))
        load[fold] += counts
        result[group] = fold
    return result


def corpus_folds(clips: list[dict], folds: int, seed: int) -> dict[str, int]:
    """Page group -> fold, by the corpus's own originals alone.

    What is added moves no page: two bundles that are compared out of fold would differ by the luck of the draw before
    they differ by what one of them has learned.
    """
    return assign_folds([clip for clip in clips if clip["kind"] == "original" and not is_added(clip)], folds, seed)


def is_added(clip: dict) -> bool:
    """Whether the clip, or what it is a copy of, came by `--add`."""
    return clip["clip"].startswith("added:")


def is_made(clip: dict) -> bool:
    """Whether the project made or added the clip (a twin, a packaged engine or recording, or a copy of one)."""
    return clip["kind"] in ("twin", "engine", "recorded") or "#twin-" in clip["id"] or (
        clip["clip"].startswith(("engine:", "recorded:")))


def is_validation(clip: dict) -> bool:
    """Only clips of the corpus itself (and their degraded copies) are ever judged on.

    Not what is added: whatever shares its speaker or generator would be kept from the models that judge the corpus, and
    a candidate would be judged by what it was not shown.
    """
    return not is_made(clip) and not is_added(clip) and not clip["probe"]


def hold_out(clips: list[dict], fold_of: dict[str, int], fold: int) -> tuple[np.ndarray, np.ndarray]:
    """Clip masks (train, validation) of one fold; whatever shares a generator, speaker or pair is purged."""
    held = np.array([fold_of.get(clip["page_group"], -1) == fold for clip in clips])
    validation = held & np.array([is_validation(clip) for clip in clips])
    ties = [ties_of(clip) for clip in clips]
    forbidden = set().union(*(tie for tie, keep in zip(ties, validation) if keep))
    free = np.array([not (tie & forbidden) and not clip["probe"] for tie, clip in zip(ties, clips)])
    return ~held & free, validation


def grouped_splits(clips: list[dict], folds: int, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Clip masks (train, validation) of every fold."""
    fold_of = corpus_folds(clips, folds, seed)
    return [hold_out(clips, fold_of, fold) for fold in range(folds)]


def random_masks(clips: list[dict], folds: int, fold: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Clip masks (train, validation) of a split of the originals by chance alone: what leaks is on both sides."""
    usable = np.array([clip["kind"] == "original" and not clip["probe"] for clip in clips])
    dealt = np.random.default_rng(seed).integers(0, folds, len(clips))
    return usable & (dealt != fold), usable & (dealt == fold)


def ties_of(clip: dict) -> set[str]:
    """Everything that may not stand on both sides of a split, beside the page group."""
    pairs = {clip.get("pair"), clip["clip"] if clip["label"] == "real" else None} - {None}
    ties = {f"pair {pair}" for pair in pairs}
    ties |= {f"speaker {name}" for name in speaker_groups(clip.get("speaker"), clip["source"])}
    return ties | ({f"generator {clip['generator_key']}"} if clip.get("generator_key") else set())


def clip_weights(clips: list[dict], mask: np.ndarray, power: float, made_share: tuple[float, float]) -> np.ndarray:
    """float64 [clips]: weight n**-power a clip of a (source, generator) cell of n clips; classes 1 : 1.

    What the project made or added gets made_share[label] of its class's weight, where the class has both.
    """
    label = np.array([clip["label"] == "fake" for clip in clips]).astype(int)
    made = np.array([is_made(clip) for clip in clips])
    cell = [f"{clip['source']}|{clip['generator_key']}|{own}" for clip, own in zip(clips, made)]
    count = Counter(c for c, keep in zip(cell, mask) if keep)
    weight = np.array([count[c] ** -power if keep else 0.0 for c, keep in zip(cell, mask)])
    for value in (0, 1):
        for is_own, share in ((False, 1 - made_share[value]), (True, made_share[value])):
            part = mask & (label == value) & (made == is_own)
            if weight[part].sum() > 0:
                weight[part] *= share / weight[part].sum()
        one = mask & (label == value)
        weight[one] *= 0.5 / weight[one].sum()
    return weight * mask.sum()


def training_weights(data: Dataset, mask: np.ndarray) -> np.ndarray:
    """float64 [rows]: what each row of the clips of `mask` weighs when a member is fitted."""
    emphasis = np.where([is_added(clip) for clip in data.clips], ADDED_EMPHASIS, 1.0)
    return row_weights(data, clip_weights(data.clips, mask, 0.5, MADE_SHARE) * emphasis)


def row_weights(data: Dataset, clip_weight: np.ndarray) -> np.ndarray:
    """float64 [rows]: a clip's weight shared among its windows."""
    windows = np.bincount(data.clip_of, minlength=len(data.clips))
    return (clip_weight / np.maximum(windows, 1))[data.clip_of]

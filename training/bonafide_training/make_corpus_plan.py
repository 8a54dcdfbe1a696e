"""What is to be made: tasks drawn from the rows by seed."""

from pathlib import Path

from .channel import rng_for
from .make_corpus_channel import RobustnessTask, VariantTask
from .make_corpus_rows import Row

DEV_SEED_OFFSET = 1000
LONG_SEC = 8.0
LONGEST_CLIP_SEC = 4.0


def variant_tasks(rows: list[Row], folder: Path, seed: int, count: int) -> list[VariantTask]:
    """`count` random channels of each train row and one of each dev row, with a seed of its own."""
    train = tuple(f"ch{index}" for index in range(count))
    return [
        VariantTask(row, str(folder), seed if row.split == "train" else seed + DEV_SEED_OFFSET,
                    train if row.split == "train" else ("degraded",))
        for row in rows
    ]


def _same_voice(row: Row, rows: list[Row]) -> list[Row]:
    key = (row.source, row.speaker, row.generator_key)
    return [other for other in rows if (other.source, other.speaker, other.generator_key) == key and other != row]


def robustness_tasks(rows: list[Row], folder: Path, seed: int, per_class: int) -> list[RobustnessTask]:
    """A seeded sample of dev, even over (label, source, generator), without probes."""
    dev = [row for row in rows if row.split == "dev" and not row.probe]
    tasks = []
    for label in ("real", "fake"):
        strata: dict[tuple, list[Row]] = {}
        for row in sorted((row for row in dev if row.label == label), key=lambda row: row.id):
            strata.setdefault((row.source, row.generator_key), []).append(row)
        rng = rng_for(seed + DEV_SEED_OFFSET, "robustness", label)
        queues = [list(rng.permutation(len(members))) for members in strata.values()]
        picked: list[Row] = []
        while len(picked) < per_class and any(queues):
            for members, queue in zip(strata.values(), queues):
                if queue and len(picked) < per_class:
                    picked.append(members[int(queue.pop())])
        for row in picked:
            more = [other.path for other in _same_voice(row, dev)][: int(LONG_SEC / LONGEST_CLIP_SEC) + 1]
            tasks.append(RobustnessTask(row, tuple(more), str(folder), seed + DEV_SEED_OFFSET))
    return tasks

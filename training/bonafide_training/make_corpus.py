"""Build the training corpus beside the recordings: channel variants, twins, engines, splices.

npm run corpus -- --corpus DIR --cache DIR --seed 7 [--variants 3] [--jobs 2]

Everything goes under --cache. A second run skips what exists, so an interrupted one goes on. Lists:
variants-core.jsonl (originals and their channels), robustness.jsonl, then, as their stages end, spliced.jsonl,
long.jsonl (recordings of half a minute) and variants.jsonl (all that training uses).
"""

import argparse
from pathlib import Path

from .corpus import load_clips
from .make_corpus_pool import draw_voices
from .make_corpus_rows import original_row
from .make_corpus_stages import STAGES


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Options of the command; paths as Path."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of manifest.jsonl")
    parser.add_argument("--cache", type=Path, required=True, help="where everything is written")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--variants", type=int, default=3, help="channels of each train clip")
    parser.add_argument("--twin-variants", type=int, default=0, help="channels of each twin and engine clip")
    parser.add_argument("--robustness-per-class", type=int, default=120, help="dev clips of each class")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--nice", type=int, default=10)
    parser.add_argument("--stages", nargs="+", choices=tuple(STAGES), default=list(STAGES))
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> None:
    """Run the stages in order."""
    options = parse_arguments(argv)
    clips = load_clips(options.corpus)
    originals = [original_row(clip, options.corpus) for clip in clips]
    options.codecs = {clip.path: clip.codec for clip in clips}
    voice_paths = draw_voices(clips, options.corpus, options.seed)
    for stage in options.stages:
        STAGES[stage](options, originals, voice_paths)


if __name__ == "__main__":
    main()

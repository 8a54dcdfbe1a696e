"""Canonical generator keys: one name a system, whatever a page calls it and whichever version.

Used to keep a generator on one side of a split and to average over generators. A key is the
sorted parts of a pipeline joined by "+", e.g. "hifigan+tacotron2".
"""

import re

# Spelling variants, sizes, checkpoints and page-specific names -> the system.
PART_ALIASES = {
    # vocoders
    "hifigancopysyn": "hifigan",
    "hifiganv1": "hifigan",
    "hifiganv2": "hifigan",
    "hifiganv3": "hifigan",
    "parallelwavegancopysyn": "parallelwavegan",
    "pwgcgand": "parallelwavegan",  # same generator, other discriminators
    "pwgvuvd": "parallelwavegan",
    "mbmelgancopysyn": "mbmelgan",
    "multibandmelgan": "mbmelgan",
    "melganstft": "melgan",
    "clarinetgan": "clarinet",
    "cpcunithifigan": "unithifigan",  # one vocoder design over differing units
    "cpcunitvc": "unithifigan",
    "hubertunithifigan": "unithifigan",
    "hubertunitvc": "unithifigan",
    "transpeechunithifigan": "unithifigan",
    "vqvaeunitvocoder": "vqvaeunit",
    "vqvaeunitvc": "vqvaeunit",
    # signal-processing vocoders
    "worldcopysyn": "world",
    "worldcodedmcep": "world",
    "worldvcpitchformant": "world",
    "worldvc": "world",
    "griffinlimmel": "griffinlim",
    "lpcvocoderpulsenoise": "lpc",
    "praatchangegenderpsola": "praat",
    # codecs
    "encodec15k": "encodec",
    "encodec6k": "encodec",
    "dac1k": "dac",
    "dac4k": "dac",
    "lyra6kbps": "lyra",
    "speechtokenizeroneshotvc": "speechtokenizer",
    # acoustic models
    "tacotron2ddc": "tacotron2",
    "tensorflowttstacotron2fs2": "tacotron2",
    "fastspeech2adaptbaseline": "fastspeech2",
    "fastdifftts": "fastdiff",
    "cfm": "gradtts",  # Grad-TTS trained with flow matching
    "promptttstwostagebaseline": "prompttts",
    "nansyttszeroshot": "nansytts",
    "megatts2": "megatts",
    "e1tokenreconstruct": "e1tts",
    "seedttsdit": "seedtts",
    "seedttsvc": "seedtts",
    # voice conversion
    "lvcvcxl": "lvcvc",
    "cotatronvc": "cotatron",
    "mellotronvc": "mellotron",
    "autovcf0": "autovc",
    "autovconehot": "autovc",
    # engines: voices of one engine and method are one generator
    "flitekal": "flitediphone",
    "flitekal16": "flitediphone",
    "fliteawb": "fliteclustergen",
    "fliterms": "fliteclustergen",
    "fliteslt": "fliteclustergen",
    "festivalmsurunshclunits": "festivalclunits",
    "mimic3": "vits",
    "pipervitsjoe": "vits",
}
# Whole keys that name a known pipeline by a product name.
KEY_ALIASES = {
    "larynx": "glowtts+hifigan",
    "knnvcworld": "knnvc+world",
}
# Families of voices that are told apart only by a suffix.
PATTERNS = (
    (re.compile(r"^festival.*hts$"), "festivalhts"),
    (re.compile(r"^festival(?!clunits).*"), "festivaldiphone"),
    (re.compile(r"^sanotts.*"), "sanotts"),
    (re.compile(r"^kokoro.*"), "kokoro"),
    (re.compile(r"^hibari.*"), "hibari"),
    (re.compile(r"^hnsincnsf\d*(copysyn|prerendered)?$"), "hnsincnsf"),
    (re.compile(r"^hnnsf(copysyn|prerendered)?$"), "hnnsf"),
    (re.compile(r"^cycnoisensf\d*(copysyn|prerendered)?$"), "cycnoisensf"),
)
# What turns features into a waveform; the part a detector mostly hears.
VOCODERS = frozenset(
    "hifigan parallelwavegan mbmelgan fbmelgan melgan stylemelgan universalmelgan univnet waveglow "
    "wavenet wavernn wavegrad diffwave griffinlim world lpc vocos bigvgan vocgan unithifigan clarinet".split()
)


def _canonical_part(part: str) -> str:
    part = PART_ALIASES.get(part, part)
    for pattern, name in PATTERNS:
        if pattern.match(part):
            return name
    return part


def canonical_generator(rough_key: str) -> str:
    """Canonical key of the manifest's rough one; idempotent."""
    parts = sorted({_canonical_part(re.sub(r"[^a-z0-9]", "", part)) for part in rough_key.lower().split("+")})
    key = "+".join(parts)
    return KEY_ALIASES.get(key, key)


def waveform_part(key: str) -> str:
    """The vocoder named in a canonical key, or the key itself where none is named."""
    named = [part for part in key.split("+") if part in VOCODERS]
    return named[0] if len(named) == 1 else key

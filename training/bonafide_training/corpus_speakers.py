"""Speaker groups over sources: corpus voices recur on many pages under many spellings."""

import re

# (pattern on one speaker name, canonical form); the first match wins.
# LibriSpeech and LibriTTS share the reader ids of LibriVox, so they are one space.
_GLOBAL_RULES = (
    (re.compile(r"^(?:vctk-|target-|mimic3-en_US-vctk-)?p(\d{3})$", re.I), r"VCTK-p\1"),
    (re.compile(r"^vctk-(\d{3})[fm]?$", re.I), r"VCTK-p\1"),
    (re.compile(r"^(?:libritts-|librispeech-|ls|target-)(\d{2,5})$", re.I), r"Libri-\1"),
    (re.compile(r"^(?:umel-.*)?LJ(?:Speech|\d{3}-\d{4}).*$", re.I), "LJSpeech"),
    (re.compile(r"^umel-.*?-(\d{2,5})_\d+_\d+_\d+$"), r"Libri-\1"),
    (re.compile(r"^(?:aishell3?-)?(SSB\d{4})$", re.I), r"AISHELL3-\1"),
    (re.compile(r"^(?:baker.*|CSMSC)$"), "CSMSC"),
    (re.compile(r"^(?:mls-)(?:[a-z]{2}-)?(\d+)$", re.I), r"MLS-\1"),
    (re.compile(r"^mls(\d+)$"), r"MLS-\1"),
    (re.compile(r"^mimic3-[a-z]{2}_[A-Z]{2}-mls-(\d+)$"), r"MLS-\1"),
    (re.compile(r"^(?:cmu[-_]arctic[-_]|flite-|rhvoice-)(awb|bdl|clb|jmk|ksp|rms|slt)$", re.I), r"CMU-ARCTIC-\1"),
    (re.compile(r"^festival-cmu_us_(\w{3})_arctic_hts$"), r"CMU-ARCTIC-\1"),
    (re.compile(r"^(?:NIT-ATR503-|nitech-)m001.*$"), "NIT-ATR503-m001"),
    (re.compile(r"^jsut$", re.I), "JSUT"),
    (re.compile(r"^daps-(\w+)$", re.I), r"DAPS-\1"),
    (re.compile(r"^mimic3-de_DE-thorsten.*$|^thorsten.*$", re.I), "Thorsten"),
    (re.compile(r"^(ravdess\d+|emodb\d+|allison_smith|june_wallack)$"), r"\1"),
    (re.compile(r"^(?:target-|celeb-)?(donald|obama|larry|john|rachel|trump|donald_trump)$", re.I), r"celeb-\1"),
)
# twins are named "<source>:<speaker>"; a source may carry a registry prefix of its own
_OWNED = re.compile(r"^((?:(?:debian|pypi|npm|numpy):)?[^:]+):(.+)$")
_UNKNOWN = re.compile(r"(^|[-_])unknown$|^und$|^$", re.I)


def _one_speaker(name: str, source: str) -> str | None:
    owned = _OWNED.match(name)
    if owned:
        source, name = owned.groups()
    if _UNKNOWN.search(name):
        return None
    for pattern, form in _GLOBAL_RULES:
        if pattern.match(name):
            return pattern.sub(form, name)
    return f"{source}:{name}"


def speaker_groups(speaker: str | None, source: str) -> tuple[str, ...]:
    """Canonical speakers heard in a clip, none if unknown.

    Conversions name two ("p270/p231", "a>b"): the source's prosody and the target's timbre both
    tie the clip to other clips, so both are returned. A suffix like ">f0.59_w0.92" is a setting.
    """
    if not speaker:
        return ()
    owned = _OWNED.match(speaker)
    owner = f"{owned.group(1)}:" if owned else ""
    names = []
    for index, part in enumerate(re.split(r"[>]", speaker)):
        if re.match(r"^(f|fs)\d*\.\d+_", part):
            continue
        pieces = re.split(r"/(?=p\d{3}$)", part)
        names += [piece if index == 0 or ":" in piece else owner + piece for piece in pieces]
    found = (_one_speaker(name, source) for name in names)
    return tuple(sorted({name for name in found if name}))

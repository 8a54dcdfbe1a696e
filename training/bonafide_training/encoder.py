"""Export the frozen speech encoder: python -m bonafide_training.encoder --out FILE."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import get_args

import onnx

from bonafide_training.encoder_graph import EncoderSpec, build_encoder
from bonafide_training.encoder_nodes import Weights
from bonafide_training.encoder_weights import default_cache, fetch_model, read_variables


def export_encoder(path: Path, spec: EncoderSpec, cache: Path) -> onnx.ModelProto:
    """Write the encoder that spec describes to path; fetches the weights into cache if need be."""
    model = build_encoder(read_variables(fetch_model(cache) / "model.bin"), spec)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(path))
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description="Export the frozen speech encoder to ONNX.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--levels", default="conv,1,2,3", help="comma-separated: conv,1,2,3,4,5,6,norm")
    parser.add_argument("--poolings", default="mean,std,delta_std", help="mean,std,delta_std,slow_std,fast_rms")
    parser.add_argument("--weights", choices=get_args(Weights), default="fp32")
    parser.add_argument("--max-sec", type=float, default=30.0, help="longest input, at most 30 s")
    parser.add_argument("--cache", type=Path, default=default_cache())
    args = parser.parse_args()
    spec = EncoderSpec(
        levels=tuple(args.levels.split(",")),
        poolings=tuple(args.poolings.split(",")),
        weights=args.weights,
        position_count=min(1500, round(args.max_sec * 50)),
    )
    model = export_encoder(args.out, spec, args.cache)
    dimension = model.graph.output[0].type.tensor_type.shape.dim[1].dim_value
    print(json.dumps({"path": str(args.out), "bytes": args.out.stat().st_size, "dim": dimension}))


if __name__ == "__main__":
    main()

"""The extractor's own table of features: the one place that names, titles and units come from."""

from __future__ import annotations

import json
import subprocess
from functools import cache


@cache
def feature_table() -> list[dict]:
    """All candidate features {name, title, unit, definition, column}; column is None for one not selected."""
    command = ["npx", "tsx", "--conditions=source", "apps/cli/src/feature-table.ts"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def selected_names() -> list[str]:
    """The names of the features that the models read, in the order of their columns."""
    selected = [row for row in feature_table() if row["column"] is not None]
    return [row["name"] for row in sorted(selected, key=lambda row: row["column"])]


def definitions_of(names: list[str]) -> list[dict]:
    """The table's rows of these features, in their order. Raises KeyError for a name it does not know."""
    by_name = {row["name"]: row for row in feature_table()}
    return [by_name[name] for name in names]

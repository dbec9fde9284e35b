"""One stage of the pipeline benchmark as a plain script: a line in, a line out, with the json module.

python3 plain.py tidy < flights.ndjson | python3 plain.py rate > out
"""

import importlib.util
import json
import sys
from pathlib import Path


def load(stage: str):
    path = Path(__file__).parent / stage / "service.py"
    spec = importlib.util.spec_from_file_location(stage, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, stage)


def main() -> None:
    function = load(sys.argv[1])
    loads, dumps, write = json.loads, json.JSONEncoder(separators=(",", ":")).encode, sys.stdout.write
    for line in sys.stdin:
        write(dumps(function(loads(line))) + "\n")


main()

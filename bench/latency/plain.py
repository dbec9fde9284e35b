"""The same function as a plain script in a shell pipe, which hands each line on at once."""

import json
import sys

for line in sys.stdin:
    tick = json.loads(line)
    sys.stdout.write(json.dumps({"n": tick["n"], "text": tick["text"]}) + "\n")
    sys.stdout.flush()

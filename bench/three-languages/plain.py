"""The first stage of the benchmark of three languages as a plain script: a line in, a line out, with the json module.

python3 plain.py < flights.ndjson > legs.ndjson
"""

import json
import sys


def tidy(flight):
    delay = flight["delay"]
    hour = int(flight["date"][11:13])
    return {
        "date": flight["date"],
        "hour": hour,
        "route": flight["origin"] + "-" + flight["destination"],
        "kilometres": round(flight["distance"] * 1.609344, 1),
        "status": {"Early" if delay < 0 else "OnTime" if delay <= 15 else "Late": {"minutes": abs(delay)}},
        "note": "by night" if hour >= 22 or hour < 6 else None,
    }


def main() -> None:
    loads, dumps, write = json.loads, json.JSONEncoder(separators=(",", ":")).encode, sys.stdout.write
    for line in sys.stdin:
        write(dumps(tidy(loads(line))) + "\n")


main()

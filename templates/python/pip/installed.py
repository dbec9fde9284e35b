"""Says what pip has installed, from its reports, as nstack keeps it: installed.py REPORT...

The reports' format: https://pip.pypa.io/en/stable/reference/installation-report/
"""

import json
import re
import sys
from pathlib import Path
from typing import Any


def package(item: dict[str, Any]) -> dict[str, Any]:
    """The package of one entry of a report."""
    metadata, download = item["metadata"], item["download_info"]
    digest = download.get("archive_info", {}).get("hashes", {}).get("sha256")
    entry = {
        "name": re.sub(r"[-_.]+", "-", metadata["name"]).lower(),
        "version": metadata["version"],
        "hashes": [f"sha256:{digest}"] if digest else [],
    }
    return {**entry, "url": direct_url(download)} if item["is_direct"] else entry


def direct_url(download: dict[str, Any]) -> str:
    """Where a package came from that its author names by an address, at the very commit."""
    url: str = download["url"]
    if vcs := download.get("vcs_info"):
        url = f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
    folder = download.get("subdirectory")
    return f"{url}#subdirectory={folder}" if folder else url


if __name__ == "__main__":
    reports = (json.loads(Path(name).read_text()) for name in sys.argv[1:])
    packages = [package(item) for report in reports for item in report["install"]]
    print(json.dumps(sorted(packages, key=lambda one: one["name"])))

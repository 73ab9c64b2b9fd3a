"""`python -m benchmarks.record_log [--records N]`: prints the figures and keeps them in results.json."""

import argparse
import json
import os
import tempfile
from pathlib import Path

from benchmarks.record_log import appending, verifying


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000, help="Records in the export to verify.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("GUILDHALL_DATA_DIR", "var")) as name:
        folder = Path(name)
        figures = {"append_cpu_ms_an_event": appending.measure(folder), "root_of_100000_cpu_seconds": verifying.root_seconds(100_000)}
        print(json.dumps(figures, indent=2), flush=True)
        figures["verify"] = verifying.measure(folder, given.records)
    print(json.dumps(figures["verify"], indent=2))
    (Path(__file__).parent / "results.json").write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()

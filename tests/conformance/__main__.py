"""`python -m tests.conformance` writes docs/conformance.md anew."""

import sys
from pathlib import Path

from tests.conformance.coverage import gaps
from tests.conformance.page import PAGE, page
from tests.oracles import MISSING, PRESENT

if __name__ == "__main__":
    if not PRESENT:
        sys.exit(f"Nothing is written: {MISSING}.")
    (Path(__file__).resolve().parents[2] / PAGE).write_text(page(gaps()), encoding="utf-8", newline="\n")

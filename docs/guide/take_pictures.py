"""Takes the guide's pictures from the sample data: `make pictures`."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

if __name__ == "__main__":
    sys.exit(
        pytest.main(
            [
                "-q",
                "--pictures",
                str(Path(__file__).parent / "pictures"),
                str(ROOT / "tests/browser/test_pictures.py"),
            ]
        )
    )

"""Questions that no article at hand is about, which are to be refused: far_off.txt, a heading before each kind.

They name nothing that the sample articles or the encyclopedia articles of the shared sets tell of.
"""

from pathlib import Path

FILE = Path(__file__).with_name("far_off.txt")


def far_off() -> list[str]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("# ")]

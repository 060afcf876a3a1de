"""What every command tells the shell by its exit code; up to FAILED, the higher the worse."""

from __future__ import annotations

from typing import Final

ALIKE: Final = 0
CHANGED: Final = 1
FAILED: Final = 2
INTERRUPTED: Final = 130
"""As shells say it: 128, and the number of the signal of Ctrl-C."""

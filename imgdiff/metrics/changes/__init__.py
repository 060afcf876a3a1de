"""Changes, not noise: what differs beyond what light, focus, noise and alignment explain."""

from imgdiff.metrics.changes.find import find_changes as find_changes

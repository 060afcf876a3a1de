"""Pictures at a reduced size, for a glance at them: JPEGs needn't be decoded in full for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from imgdiff.comparison.first_look import glance_factor, sketch_of, sketch_of_file
from imgdiff.load.reduced import reducible_pixels
from imgdiff.types import Image, Settings
from imgdiff.workers.job import Job, Upload


@dataclass(slots=True, eq=False)
class Sketches:
    """What was reduced ahead: by upload and factor."""

    _ready: dict[tuple[str, int], Image | None] = field(default_factory=dict)

    def prepare(self, upload: Upload) -> None:
        """Reduce a picture that may be compared soon; others are forgotten."""
        factor = glance_factor(_reducible_pixels(upload), Settings())
        self._ready = {(upload.key, factor): self._made(upload, factor)} if factor else {}

    def take(
        self, job: Job, whole: Callable[[], tuple[Image, Image]]
    ) -> tuple[Image, Image, int] | None:
        """Both pictures, and what their sides were divided by; None where no glance is worth it.

        `whole` gives them in full, for files that can't be read otherwise. Nothing of them is kept.
        """
        sizes = [_reducible_pixels(upload) for upload in (job.before, job.after)]
        if all(sizes):
            factor = glance_factor(sizes[0], job.settings)
            return self._from_files(job, factor) if factor else None
        before, after = whole()
        factor = glance_factor(before.width * before.height, job.settings)
        return (sketch_of(before, factor), sketch_of(after, factor), factor) if factor else None

    def _from_files(self, job: Job, factor: int) -> tuple[Image, Image, int] | None:
        with ThreadPoolExecutor(2) as pool:
            uploads = job.before, job.after
            before, after = pool.map(lambda upload: self._made(upload, factor), uploads)
        self._ready = {}
        # One that is damaged is told of when it is decoded in full.
        return None if before is None or after is None else (before, after, factor)

    def _made(self, upload: Upload, factor: int) -> Image | None:
        return self._ready.get((upload.key, factor)) or sketch_of_file(upload.data, factor)


def _reducible_pixels(upload: Upload) -> int:
    return reducible_pixels(upload.data) if upload.page is None else 0

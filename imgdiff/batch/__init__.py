"""Many pairs of files → a row of results each, on any executor.

`pairing` says which files belong together, `task` compares one pair in whatever process it finds
itself, `run` hands the tasks out and takes the rows back, `cluster` and
`imgdiff.workers.worker_pool` are where it is done; `results_file`, `files`, `gallery` and `accept`
are what becomes of the rows.
"""

from __future__ import annotations

from imgdiff.batch.pairing import FilePair, pair_folders, pair_list
from imgdiff.batch.row import Row
from imgdiff.batch.run import compare_pairs

__all__ = ["FilePair", "Row", "compare_pairs", "pair_folders", "pair_list"]

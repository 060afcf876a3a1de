"""Of damaged files come pictures or refusals, and nothing else."""

from __future__ import annotations

from .fuzz.run import fuzz


def test_500_mutants_do_no_harm() -> None:
    outcomes = dict(fuzz(seed=1, count=500))
    harm = {index: what for index, what in outcomes.items() if what not in ("picture", "refused")}
    assert harm == {}
    assert {"picture", "refused"} == set(outcomes.values())

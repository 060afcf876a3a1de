"""What a similarity means in words depends on the model that it comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bands:
    """The lowest similarity, -1 to 1, of each band; below them all there's no clear relation.

    Attributes
    ----------
    identical, similar, related : float
        Nearly identical content; very similar; related.
    measured : bool
        Whether they rest on error rates measured with imgdiff; otherwise they are a first guess.
    """

    identical: float
    similar: float
    related: float
    measured: bool

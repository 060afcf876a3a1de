"""How likely a text is, given what a network saw frame by frame.

References
----------
A. Graves et al., "Connectionist temporal classification", ICML 2006,
DOI 10.1145/1143844.1143891.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BLANK = 0
"""The column that stands for no character."""

_LEAST = 1e-12
"""Probabilities below this count as this: a softmax in 32 bits can't tell them apart."""

_NEVER = -1e30


def log_likelihoods(
    probabilities: NDArray[np.float32], labels: Sequence[Sequence[int]]
) -> NDArray[np.float64]:
    """Log-probabilities of whole texts, over all ways to spread each over the frames.

    Parameters
    ----------
    probabilities : ndarray of float32, shape (T, C)
        Of each character in each frame; column 0 is "blank".
    labels : sequence of sequences of int
        The texts as columns, blanks left out.

    Returns
    -------
    ndarray of float64, shape (len(labels),)
        Natural logarithms; about -1e30 of a text too long for the frames.
    """
    states, skips, ends = _states(labels)
    rows = np.arange(len(labels))
    # In float64: along a line of 300 frames the rounding of float32 would add up.
    logs = np.log(np.maximum(probabilities[:, states].astype(np.float64), _LEAST))
    alpha = np.full(states.shape, _NEVER)
    alpha[:, 0] = logs[0, :, 0]
    alpha[ends > 0, 1] = logs[0, ends > 0, 1]
    for seen in logs[1:]:
        one = np.pad(alpha[:, :-1], ((0, 0), (1, 0)), constant_values=_NEVER)
        two = np.pad(alpha[:, :-2], ((0, 0), (2, 0)), constant_values=_NEVER)
        two[~skips] = _NEVER
        alpha = np.logaddexp(np.logaddexp(alpha, one), two) + seen
    last = alpha[rows, ends]
    before = np.where(ends > 0, alpha[rows, np.maximum(ends - 1, 0)], _NEVER)
    return np.asarray(np.logaddexp(last, before))


def _states(
    labels: Sequence[Sequence[int]],
) -> tuple[NDArray[np.intp], NDArray[np.bool_], NDArray[np.intp]]:
    """Each text with blanks between its characters, padded to one length.

    Returns the columns, where a blank may be skipped to get there, and each text's last state.
    """
    ends = np.array([2 * len(label) for label in labels], np.intp)
    states = np.full((len(labels), max(3, int(ends.max(initial=0)) + 1)), BLANK, np.intp)
    for row, label in enumerate(labels):
        states[row, 1 : 2 * len(label) : 2] = label
    skips = np.zeros(states.shape, np.bool_)
    skips[:, 2:] = (states[:, 2:] != BLANK) & (states[:, 2:] != states[:, :-2])
    return states, skips, ends

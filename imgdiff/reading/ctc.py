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
        Natural logarithms; -1e30 of a text that is too long for the frames, or less likely by a
        factor of some 1e300 than part of it.
    """
    states, skips, ends = _states(labels)
    rows = np.arange(len(labels))
    chances = np.maximum(probabilities[:, states].astype(np.float64), _LEAST)
    # Two columns of nothing in front, so that each state can look back to those it comes from.
    alpha = np.zeros((len(labels), states.shape[1] + 2))
    alpha[:, 2] = chances[0, :, 0]
    alpha[ends > 0, 3] = chances[0, ends > 0, 1]
    largest = np.ones((len(chances), len(labels)))
    for frame in range(1, len(chances)):
        alpha[:, 2:] += alpha[:, 1:-1] + alpha[:, :-2] * skips
        alpha[:, 2:] *= chances[frame]
        # Scaled to 1 in each frame, or soon all of them would be too small for a number.
        largest[frame] = alpha.max(axis=1)
        alpha /= largest[frame, :, None]
    last = alpha[rows, ends + 2] + np.where(ends > 0, alpha[rows, ends + 1], 0)
    possible = last > 0
    logs = np.log(np.where(possible, last, 1)) + np.log(largest).sum(axis=0)
    return np.where(possible, logs, _NEVER)


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

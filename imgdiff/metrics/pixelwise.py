"""The plain errors of signal processing: MAE, MSE and PSNR."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.planes import channel_mean
from imgdiff.metrics.pool import mean_error
from imgdiff.metrics.tiles import map_in_tiles
from imgdiff.pixels.color import levels
from imgdiff.types import ErrorMap, Mask, Pixels, holds_everywhere

_PEAK = 255
"""Gray levels; the peak signal of PSNR."""

_STRIP = 32
"""Rows squared together, so that they stay in the processor's cache."""


def mean_channel_difference(reference: Pixels, test: Pixels) -> ErrorMap:
    """Mean absolute error (MAE).

    Averages the distance of the channels, pixel by pixel: best for following one series of
    renders, scans or codecs over time, in gray levels that anyone can imagine. It says nothing
    about what an eye would see; noise and shifts count in full.

    Parameters
    ----------
    reference, test : ndarray of uint8 or uint16, shape (H, W) or (H, W, C)
        Same shape and dtype.

    Returns
    -------
    ndarray of float32, shape (H, W)
        Mean of ``|reference − test|`` over the channels, in gray levels, 0 to 255.

    References
    ----------
    C. J. Willmott, K. Matsuura, "Advantages of the mean absolute error (MAE) over the root mean
    square error (RMSE) in assessing average model performance", Climate Research 30 (2005),
    DOI 10.3354/cr030079.
    """
    return map_in_tiles(lambda a, b: channel_mean(levels(cv2.absdiff(a, b))), reference, test)


def root_mean_square_difference(reference: Pixels, test: Pixels) -> ErrorMap:
    """Mean squared error (MSE).

    Squares the distance of the channels, so that few large differences weigh more than many small
    ones: best for codecs and filters, where others quote it. It says nothing about what an eye
    would see; noise and shifts count in full.

    Parameters
    ----------
    reference, test : ndarray of uint8 or uint16, shape (H, W) or (H, W, C)
        Same shape and dtype.

    Returns
    -------
    ndarray of float32, shape (H, W)
        Root of the mean of ``(reference − test)²`` over the channels, in gray levels, 0 to 255.

    References
    ----------
    Z. Wang, A. C. Bovik, "Mean squared error: love it or leave it?", IEEE Signal Processing
    Magazine 26 (2009), DOI 10.1109/MSP.2008.930649.
    """

    def errors_of(a: Pixels, b: Pixels) -> NDArray[np.float32]:
        difference = levels(cv2.absdiff(a, b))
        if difference.ndim == 2:
            return difference
        mean = channel_mean(np.square(difference, out=difference))
        return np.asarray(np.sqrt(mean), np.float32)

    return map_in_tiles(errors_of, reference, test)


def peak_signal_to_noise(reference: Pixels, test: Pixels) -> ErrorMap:
    """Peak signal-to-noise ratio (PSNR).

    The mean squared error on the scale of decibels: best for comparing codecs and compression
    levels with published figures (30 to 50 dB is usual). It says nothing about what an eye would
    see; noise and shifts count in full.

    Parameters
    ----------
    reference, test : ndarray of uint8 or uint16, shape (H, W) or (H, W, C)
        Same shape and dtype.

    Returns
    -------
    ndarray of float32, shape (H, W)
        As `root_mean_square_difference`.

    References
    ----------
    Q. Huynh-Thu, M. Ghanbari, "Scope of validity of PSNR in image/video quality assessment",
    Electronics Letters 44 (2008), DOI 10.1049/el:20080522.
    """
    return root_mean_square_difference(reference, test)


def mean_square(error_map: ErrorMap, valid: Mask) -> float:
    """Mean of the squared error over the valid pixels, levels²; SettingsError if there are none."""
    if not holds_everywhere(valid):
        return mean_error(np.square(error_map), valid)
    total = 0.0
    for top in range(0, len(error_map), _STRIP):
        total += cv2.sumElems(np.square(error_map[top : top + _STRIP]))[0]
    return total / error_map.size


def decibels(error_map: ErrorMap, valid: Mask) -> float:
    """``10 log10(255² / MSE)``, dB; infinite where nothing differs."""
    square = mean_square(error_map, valid)
    return 10 * math.log10(_PEAK**2 / square) if square else math.inf


def linear_likeness(ratio: float) -> float:
    """A PSNR in dB on a linear scale: 1 = equal, 0 = as far apart as can be."""
    return 1 - 10 ** (-ratio / 20)

"""Make the sample pairs: ``python samples/make.py`` (needs scikit-image, for its pictures).

Deterministic: the same versions of the libraries write the same files.
"""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from skimage import data

FOLDER = Path(__file__).parent
Picture = NDArray[np.uint8]

INK, MUTED, LINE, PAPER, PANEL = "#1d2433", "#667085", "#d9dee8", "#ffffff", "#f5f7fb"
BLUE, GREEN, AMBER = "#2f6fde", "#178a55", "#b86a00"


def main() -> None:
    """Write both pictures of each pair next to this file."""
    coffee = data.coffee()
    _save_photo("coffee_before", coffee)
    _save_photo("coffee_after", _edited_coffee(coffee))

    sky = data.hubble_deep_field()
    _save_photo("sky_before", sky)
    _save_photo("sky_after", _edited_sky(sky))

    _web_page(edited=False).save(FOLDER / "page_before.png", optimize=True)
    _web_page(edited=True).save(FOLDER / "page_after.png", optimize=True)


def _save_photo(name: str, picture: Picture) -> None:
    Image.fromarray(picture).save(FOLDER / f"{name}.jpg", quality=92, subsampling=0)


def _edited_coffee(coffee: Picture) -> Picture:
    """A coffee bean put on the table, a dab of foam in the cup, and the handle's glint gone."""
    edited = coffee.copy()

    bean = np.zeros(edited.shape[:2], np.uint8)
    cv2.ellipse(bean, (70, 330), (19, 12), -25, 0, 360, 255, -1, cv2.LINE_AA)
    edited = _blend(edited, (58, 33, 20), bean)
    crease = np.zeros_like(bean)
    cv2.ellipse(crease, (70, 332), (17, 4), -25, 180, 360, 255, 2, cv2.LINE_AA)
    edited = _blend(edited, (120, 80, 52), crease)

    foam = np.zeros_like(bean)
    cv2.circle(foam, (300, 150), 14, 230, -1, cv2.LINE_AA)
    edited = _blend(edited, (250, 240, 225), _soft(foam, 2))

    glint = np.zeros_like(bean)
    cv2.ellipse(glint, (238, 257), (15, 9), -20, 0, 360, 255, -1)
    return np.asarray(cv2.inpaint(edited, glint, 5, cv2.INPAINT_TELEA), np.uint8)


def _edited_sky(sky: Picture) -> Picture:
    """One new star, and one galaxy gone."""
    rows, columns = np.mgrid[: sky.shape[0], : sky.shape[1]]
    distance = np.hypot(columns - 640, rows - 300)
    glow = 235 * np.exp(-((distance / 5) ** 2)) + 40 * np.exp(-distance / 9)
    lit = sky + glow[..., None] * np.array([1, 0.96, 0.86])
    edited = np.clip(lit, 0, 255).astype(np.uint8)

    gone = np.zeros(sky.shape[:2], np.uint8)
    y, x = _brightest_blob(sky[550:850, 150:450])
    cv2.circle(gone, (150 + x, 550 + y), 26, 255, -1)
    empty_sky_nearby = np.roll(edited, 62, axis=1)
    return _blend(edited, empty_sky_nearby, _soft(gone, 4))


def _brightest_blob(picture: Picture) -> tuple[int, int]:
    """Row and column of the largest bright thing."""
    soft = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (0, 0), 8)
    row, column = np.unravel_index(int(soft.argmax()), soft.shape)
    return int(row), int(column)


def _blend(picture: Picture, color: tuple[int, int, int] | Picture, opacity: Picture) -> Picture:
    """A colour or another picture laid over `picture` where `opacity` (H, W), 0 to 255, says so."""
    share = opacity[..., None] / 255
    return np.rint(picture * (1 - share) + np.array(color) * share).astype(np.uint8)


def _soft(picture: Picture, sigma: float) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)


def _web_page(*, edited: bool) -> Image.Image:
    """A small shop's dashboard; `edited` changes a number, a button, a bar and a notice."""
    page = Image.new("RGB", (960, 600), PANEL)
    draw = ImageDraw.Draw(page)

    draw.rectangle((0, 0, 960, 56), fill=PAPER)
    draw.line((0, 56, 960, 56), fill=LINE)
    draw.ellipse((24, 16, 48, 40), fill=BLUE)
    _text(draw, (60, 17), "Corner shop", 18)
    for x, label in ((620, "Orders"), (710, "Stock"), (790, "Reports"), (884, "Help")):
        _text(draw, (x, 19), label, 15, MUTED)

    _text(draw, (32, 84), "This week", 26)
    cards = (("Orders", "128"), ("Revenue", "4,310" if edited else "4,160"), ("Returns", "6"))
    for i, (label, value) in enumerate(cards):
        left = 32 + 304 * i
        draw.rounded_rectangle((left, 132, left + 288, 226), 10, PAPER, LINE)
        _text(draw, (left + 20, 148), label, 15, MUTED)
        _text(draw, (left + 20, 174), value, 30)

    draw.rounded_rectangle((32, 246, 624, 568), 10, PAPER, LINE)
    _text(draw, (52, 262), "Orders a day", 15, MUTED)
    for day in range(7):
        height = 90 + round(70 * math.sin(day * 1.1)) + (70 if edited and day == 4 else 0)
        left = 66 + 78 * day
        draw.rounded_rectangle((left, 520 - height, left + 44, 520), 4, BLUE)
        _text(draw, (left + 8, 530), ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day], 13)

    draw.rounded_rectangle((640, 246, 928, 568), 10, PAPER, LINE)
    _text(draw, (660, 262), "Running low", 15, MUTED)
    stock = (("Oat milk", "3 left"), ("Espresso beans", "5 left"), ("Filter papers", "8 left"))
    for i, (item, left_over) in enumerate(stock):
        y = 296 + 52 * i
        _text(draw, (660, y), item, 17)
        _text(draw, (660, y + 22), left_over, 13, MUTED)
        if not (edited and i == 1):
            draw.ellipse((892, y + 8, 904, y + 20), fill=AMBER)
    draw.rounded_rectangle((660, 500, 908, 544), 8, GREEN if edited else BLUE)
    _text(draw, (784, 522), "Order now" if edited else "Order more", 16, PAPER, anchor="mm")
    return page


def _text(
    draw: ImageDraw.ImageDraw,
    place: tuple[int, int],
    text: str,
    size: int,
    fill: str = INK,
    *,
    anchor: str = "la",
) -> None:
    draw.text(place, text, fill, ImageFont.load_default(size), anchor=anchor)


if __name__ == "__main__":
    main()

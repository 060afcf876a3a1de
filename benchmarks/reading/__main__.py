"""Which changed words are told, and how many wrongly: ``python -m benchmarks.reading [N] [SEED]``.

N pages of 12 lines for each condition, every other line with one word changed. "Right" is a change
that was told with just these words; "wrong" is a claim whose characters stand nowhere on the line;
"false" is a claim on a line that didn't change. The pages are read as wholes, whatever pixels show.
A second table tells of pages that are only drawn anew, a third of the cost.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping

import cv2
import numpy as np

from benchmarks.reading.pages import Lines, Page, Picture, Rng, drawn, is_number, page
from imgdiff import Image, Settings, align, compare
from imgdiff.reading import read_regions
from imgdiff.types import Region, WordChange

SEED = 20261126


def main(count: int, seed: int) -> None:
    """Print the tables."""
    cv2.setNumThreads(1)
    print("| condition | right | numbers right | wrong claims | false claims | CPU s a page |")
    print("|---|---|---|---|---|---|", flush=True)
    total: Counter[str] = Counter()
    for name, condition in CONDITIONS.items():
        found: Counter[str] = Counter()
        for index in range(count):
            rng = np.random.default_rng([seed, index, len(name), ord(name[0])])
            found += _read(page(rng), condition, rng)
        print(_line(name, found), flush=True)
        total += found
    print(_line("all", total))
    _drawn_anew(count, seed)
    _cost(min(count, 5), seed)


def clean(picture: Picture, _rng: Rng) -> Picture:
    """As it is drawn."""
    return picture


def jpeg(quality: int) -> Callable[[Picture, Rng], Picture]:
    """Compressed."""

    def compressed(picture: Picture, _rng: Rng) -> Picture:
        _, data = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)

    return compressed


def scan(picture: Picture, rng: Rng) -> Picture:
    """Turned by 0.7 degrees, softened, noise of sigma 3, JPEG."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 0.7, 1)
    turned = cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    soft = cv2.GaussianBlur(turned, (0, 0), 0.6) + rng.normal(0, 3, picture.shape)
    return jpeg(85)(np.clip(soft, 0, 255).astype(np.uint8), rng)


def photograph(picture: Picture, rng: Rng) -> Picture:
    """Lit from one side, softer, noise of sigma 4, JPEG."""
    light = np.linspace(0.75, 1, picture.shape[1])[None, :, None]
    soft = cv2.GaussianBlur(picture, (0, 0), 0.8) * light + rng.normal(0, 4, picture.shape)
    return jpeg(80)(np.clip(soft, 0, 255).astype(np.uint8), rng)


CONDITIONS: Mapping[str, Callable[[Picture, Rng], Picture]] = {
    "clean": clean,
    "JPEG 95": jpeg(95),
    "JPEG 75": jpeg(75),
    "JPEG 60": jpeg(60),
    "scan": scan,
    "photograph": photograph,
}


def _read(made: Page, condition: Callable[[Picture, Rng], Picture], rng: Rng) -> Counter[str]:
    dark = bool(rng.random() < 0.25)
    before, after = (
        drawn(lines, made.face, made.size, dark=dark) for lines in (made.before, made.after)
    )
    before, after = (condition(picture, rng) for picture in _of_one_size(before, after))
    pair = align(_image(before), _image(after), motion="none")
    errors = np.zeros(before.shape[:2], np.float32)
    start = time.process_time()
    regions = read_regions(pair, (), errors, Settings(read="page")).regions
    seconds = time.process_time() - start
    found = _scored(made, before.shape[0], _words(regions))
    found["seconds"], found["pages"] = round(1000 * seconds), 1
    return found


def _scored(made: Page, height: int, words: list[WordChange]) -> Counter[str]:
    """How many changes were told right and wrong."""
    found: Counter[str] = Counter(told=len(words))
    step = (height - 40) / len(made.before)
    for number, (old, new) in enumerate(zip(made.before, made.after, strict=True)):
        middle = 20 + (number + 0.35) * step
        here = [word for word in words if abs(_middle(word) - middle) < step / 2]
        changed = [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
        found["false"] += 0 if changed else len(here)
        found["unchanged"] += not changed
        for before, after in changed:
            digits = is_number(before) or is_number(after)
            right = any((_tight(w.before), _tight(w.after)) == (before, after) for w in here)
            found["changes"] += 1
            found["numbers"] += digits
            found["right"] += right
            found["right numbers"] += right and digits
            texts = _tight("".join(old)), _tight("".join(new))
            found["wrong"] += sum(
                _tight(w.before) not in texts[0] or _tight(w.after) not in texts[1] for w in here
            )
    return found


def _line(name: str, found: Counter[str]) -> str:
    share = f"{found['wrong']}/{found['told']} = {100 * found['wrong'] / max(1, found['told']):.2f}"
    cells = (
        name,
        f"{100 * found['right'] / found['changes']:.1f} %",
        f"{100 * found['right numbers'] / max(1, found['numbers']):.1f} %",
        f"{share} %",
        f"{found['false']}/{found['unchanged']}",
        f"{found['seconds'] / 1000 / found['pages']:.1f}",
    )
    return f"| {' | '.join(cells)} |"


def _drawn_anew(count: int, seed: int) -> None:
    """Pages set in another way: with the same words, and with one price changed."""
    print("\n| drawn anew | no word claimed | price found |\n|---|---|---|")
    ways: dict[str, Callable[[Page, Lines], Picture]] = {
        "letters on whole pixels": lambda p, lines: drawn(lines, p.face, p.size, spacing=0.01),
        "size + 3 %": lambda p, lines: drawn(lines, p.face, 1.03 * p.size),
        "letters 0.2 px apart": lambda p, lines: drawn(lines, p.face, p.size, spacing=0.2),
    }
    for name, way in ways.items():
        quiet = priced = 0
        for index in range(count):
            rng = np.random.default_rng([seed, index, len(name)])
            made = page(rng, every=0)
            made.before[5][2], made.after[5][2] = "4,160.00", "4,310.00"
            one = drawn(made.before, made.face, made.size)
            quiet += not _told(one, way(made, made.before))
            priced += ("4,160.00", "4,310.00") in _told(one, way(made, made.after))
        print(f"| {name} | {quiet}/{count} | {priced}/{count} |", flush=True)


def _told(before: Picture, after: Picture) -> list[tuple[str, str]]:
    """The words that a whole comparison tells, the page read."""
    before, after = _of_one_size(before, after)
    found = compare(_image(before), _image(after), Settings(read="page"))
    return [(_tight(word.before), _tight(word.after)) for word in _words(found.regions)]


def _cost(count: int, seed: int) -> None:
    """CPU seconds that reading adds to a page of A4 at 150 dpi with ten changes."""
    spent = []
    for index in range(count):
        rng = np.random.default_rng([seed, index])
        made = page(rng, lines=40, every=4)
        before, after = (
            _on_a4(drawn(lines, "liberation/LiberationSans-Regular", 20))
            for lines in (made.before, made.after)
        )
        times = []
        for read in ("nothing", "places"):
            start = time.process_time()
            compare(_image(before), _image(after), Settings(read=read))
            times.append(time.process_time() - start)
        spent.append(times[1] - times[0])
    print(f"\nA page with 10 changes: {np.median(spent):.2f} s of CPU more (median of {count}).")


def _on_a4(picture: Picture) -> Picture:
    sheet = np.full((1754, 1240, 3), 255, np.uint8)
    part = picture[:1754, :1240]
    sheet[: part.shape[0], : part.shape[1]] = part
    return sheet


def _of_one_size(one: Picture, other: Picture) -> tuple[Picture, Picture]:
    """Both on the larger's ground."""
    height, width = (max(one.shape[axis], other.shape[axis]) for axis in (0, 1))

    def grown(picture: Picture) -> Picture:
        down, right = height - picture.shape[0], width - picture.shape[1]
        return np.asarray(cv2.copyMakeBorder(picture, 0, down, 0, right, cv2.BORDER_REPLICATE))

    return grown(one), grown(other)


def _words(regions: tuple[Region, ...]) -> list[WordChange]:
    return [word for region in regions if region.text for word in region.text.words]


def _middle(word: WordChange) -> float:
    box = word.before_box
    return box.y + box.height / 2


def _tight(text: str) -> str:
    return "".join(text.split())


def _image(picture: Picture) -> Image:
    return Image(picture, None, "page")


if __name__ == "__main__":
    main(*(int(value) for value in (*sys.argv[1:], *("20", str(SEED))[len(sys.argv) - 1 :])))

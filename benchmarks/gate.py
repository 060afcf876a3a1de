"""Which gates hold: ``python -m benchmarks.gate [FOLDER]``, ours beside those of npm.

Each compares screens that aren't the same, and files that are, with its defaults; ours with the
preset `screenshot`. With a FOLDER, its ``base.png`` against each other picture in it, none of which
is to pass. Peers that aren't installed (``benchmarks/install`` brings them) are left out.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from benchmarks.pictures import Picture

HERE = Path(__file__).parent
SIZE = WIDTH, HEIGHT = 800, 500
BUTTON = (60, 400, 200, 440)
INK, BLUE, GREEN = (30, 32, 40), (37, 88, 196), (30, 130, 90)
Pairs = dict[str, tuple[Path, Path]]


def page(
    *,
    number: str = "4,160",
    button: tuple[int, int, int] = BLUE,
    lower: int = 0,
    bolder: int = 0,
    gamma: float = 1,
) -> Picture:
    """A page with text, a number and a button that may lie some pixels lower.

    Drawn four times as large, and then made smaller, so that its edges are smooth; `gamma` is of
    the light in which ink and paper are mixed there, in which systems differ, and `bolder` by how
    many quarters of a pixel strokes reach further on each side.
    """
    picture = PillowImage.new("RGB", (4 * WIDTH, 4 * HEIGHT), "white")
    draw = ImageDraw.Draw(picture)

    def write(x: int, y: int, text: str, size: int, ink: tuple[int, int, int] = INK) -> None:
        font = ImageFont.load_default(4 * size)
        draw.text((4 * x, 4 * y), text, fill=ink, font=font, stroke_width=bolder)

    def fill(left: int, top: int, right: int, bottom: int, ink: tuple[int, int, int]) -> None:
        draw.rectangle((4 * left, 4 * top, 4 * right - 1, 4 * bottom - 1), fill=ink)

    fill(0, 0, WIDTH, 56, (240, 243, 250))
    write(60, 90, "Orders of this week", 22)
    write(60, 130, "Every order is sent on the day it comes in.", 16)
    write(60, 220, number, 48)
    left, top, right, bottom = BUTTON
    fill(left, top + lower, right, bottom + lower, button)
    write(86, 410 + lower, "Order more", 16, (255, 255, 255))
    fill(420, 120, 740, 440, (226, 232, 244))
    curve = (440, 400, 520, 300, 600, 340, 720, 180)
    draw.line([4 * place for place in curve], fill=BLUE, width=12)
    light = (np.asarray(picture) / 255) ** gamma
    mixed = cv2.resize(light, SIZE, interpolation=cv2.INTER_AREA)
    return np.asarray(np.rint(255 * mixed ** (1 / gamma)), np.uint8)


def others(base: Picture) -> Mapping[str, Picture]:
    """Screens that aren't the same, by what happened to them."""
    turn = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), 0.5, 1)
    opacity = np.full((HEIGHT, WIDTH, 1), 255, np.uint8)
    left, top, right, bottom = BUTTON
    opacity[top:bottom, left:right] = 200
    larger = cv2.resize(base, None, fx=1.02, fy=1.02)[:HEIGHT, :WIDTH]
    hue = cv2.cvtColor(base, cv2.COLOR_RGB2HSV)
    hue[..., 0] = (hue[..., 0].astype(int) + 5) % 180
    found = {
        "mirrored": base[:, ::-1],
        "turned by half a degree": cv2.warpAffine(base, turn, SIZE, borderValue=(255,) * 3),
        "shifted by 1 px": np.roll(base, 1, axis=1),
        "enlarged by 2 %": larger,
        "blurred, σ 0.7": cv2.GaussianBlur(base, (0, 0), 0.7),
        "darkened by 5 %": np.rint(base * 0.95),
        "a button more transparent": np.dstack([base, opacity]),
        "a button in green": page(button=GREEN),
        "a button 1 px lower": page(lower=1),
        "hues turned by 10°": cv2.cvtColor(hue, cv2.COLOR_HSV2RGB),
        "bolder text": page(bolder=2),
        "one digit": page(number="4,180"),
        "20 rows cut off": base[:-20],
    }  # fmt: skip
    return {name: np.ascontiguousarray(shown, np.uint8) for name, shown in found.items()}


def pairs(folder: Path) -> tuple[Pairs, Pairs]:
    """Files whose screens differ, and files whose screens don't."""
    base = page()
    reference = folder / "base.png"
    _save(base, reference)
    differing: Pairs = {}
    same: Pairs = {}
    for number, (name, shown) in enumerate(others(base).items()):
        differing[name] = reference, folder / f"{number}.png"
        _save(shown, differing[name][1])
    notes = PngInfo()
    notes.add_text("Comment", "saved by another program")
    ways: tuple[tuple[str, Picture, dict[str, Any]], ...] = (
        ("other bytes, same pixels", base, {"pnginfo": notes}),
        ("other compression", base, {"compress_level": 0}),
        ("text smoothed otherwise", page(gamma=1.4), {}),
    )
    for name, shown, options in ways:
        same[name] = reference, folder / f"{len(same)}-same.png"
        PillowImage.fromarray(shown).save(same[name][1], **options)
    return differing, same


def handed(folder: Path) -> Pairs:
    """Somebody's screens: the base, and what isn't the same."""
    base = folder / "base.png"
    return {path.stem: (base, path) for path in sorted(folder.glob("*.png")) if path != base}


def verdicts(found: Pairs) -> dict[str, dict[str, bool]]:
    """By gate and by name, whether the pair passes."""
    ours = [sys.executable, "-m", "imgdiff", "compare", "--preset", "screenshot", "--quiet"]
    judged = {"imgdiff": {name: _passes([*ours, *map(str, pair)]) for name, pair in found.items()}}
    odiff = HERE / "node_modules" / ".bin" / "odiff"
    if odiff.exists():
        judged["odiff"] = {
            name: _passes([str(odiff), *map(str, pair)]) for name, pair in found.items()
        }
    with tempfile.TemporaryDirectory() as empty:
        request = {name: list(map(str, pair)) for name, pair in found.items()}
        text = json.dumps({"pairs": request, "folder": empty})
        command = ["node", str(HERE / "gate_peers.cjs")]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    return judged | (json.loads(done.stdout) if done.returncode == 0 else {})


def table(differing: Pairs, same: Pairs) -> Iterator[str]:
    """The verdicts in Markdown; the wrong ones in bold."""
    judged = verdicts({**differing, **same})
    yield "| | should | " + " | ".join(judged) + " |"
    yield "|---|---|" + "---|" * len(judged)
    for name in (*differing, *same):
        right = name in same
        words = ("passes" if gate[name] else "fails" for gate in judged.values())
        cells = (word if (word == "passes") == right else f"**{word}**" for word in words)
        yield f"| {name} | {'pass' if right else 'fail'} | {' | '.join(cells)} |"
    rights = (
        sum(passed == (name in same) for name, passed in gate.items()) for gate in judged.values()
    )
    total = len(differing) + len(same)
    yield "| right | | " + " | ".join(f"{right} of {total}" for right in rights) + " |"


def _passes(command: list[str]) -> bool:
    """Whether a program says that the two are the same; one that can't tell doesn't."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _save(shown: Picture, path: Path) -> None:
    PillowImage.fromarray(shown).save(path)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        found = (handed(Path(sys.argv[1])), {}) if len(sys.argv) > 1 else pairs(Path(name))
        print("\n".join(table(*found)))


if __name__ == "__main__":
    main()

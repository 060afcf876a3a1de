"""What is asked for, and the settings that suit a purpose."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from imgdiff.errors import SettingsError
from imgdiff.types.areas import Area, AreaLike, Piece, areas_of, box_of
from imgdiff.types.expressions import patterns_of
from imgdiff.types.image import Box
from imgdiff.types.pair import MotionKind

Align: TypeAlias = Literal[
    "auto", "none", "corner", "stretch", "translation", "similarity", "homography"
]

Read: TypeAlias = Literal["places", "page", "nothing"]

PointPair: TypeAlias = tuple[float, float, float, float]
"""A place in the reference and the same in the test file, px: (x, y, x, y)."""

PresetName: TypeAlias = Literal["photo", "screenshot", "scan", "exact", "recipe"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user can choose; page, command and `compare` take their defaults from here.

    Attributes
    ----------
    method : str
        Key of the method in ``METHODS``.
    grayscale : bool
        Compare brightness alone; otherwise colours too.
    align : {"auto", "none", "corner", "stretch", "translation", "similarity", "homography"}
        How the test picture may be moved onto the reference's grid; see `imgdiff.align`.
    nudge : (float, float)
        A correction by hand, px right and down, made after alignment.
    points : tuple of (x, y, x, y)
        Places of the reference and of the test file that show the same thing, px. If there are any,
        they alone tell the motion, whatever `align` is: one a shift, two a turn and a scale too,
        three an affine motion, four and more a homography.
    threshold : float or None
        Errors above it count as changed, in the method's unit; None lets the method decide.
    min_area : float
        Regions must be larger than this, px²; with 0 every region counts, thin lines too.
    ignore : area or sequence of areas
        Of the reference, left out of score and regions: Box or (x, y, width, height), Polygon or
        corners [(x, y), …], AreaMask or array (H, W), not 0 where to ignore. What lies outside
        the picture counts for nothing.
    ignore_pieces : tuple of Piece
        Pieces of a picture: whatever looks like one of them in the reference is ignored as well.
    region : Box or (x, y, width, height) or None
        The area that alone is compared; None compares all.
    params : mapping of str to float
        The method's own options, by name; what isn't named keeps its default.
    read : {"places", "page", "nothing"}
        What is read to say which words changed, if the method tells what happened (as `changes`
        does): the places that changed, and the page if none was found; always the whole page,
        which finds words that pixels miss; or nothing.
    ignore_redrawn : bool
        Text that says the same and is drawn in another way all over the page is no change; needs
        `read`.
    ignore_text : tuple of str
        Regular expressions: changes of words that they match don't count; needs `read`.
    """

    method: str = "changes"
    grayscale: bool = False
    align: Align = "auto"
    nudge: tuple[float, float] = (0, 0)
    points: tuple[PointPair, ...] = ()
    threshold: float | None = None
    min_area: float = 10
    ignore: AreaLike | Sequence[AreaLike] = ()
    ignore_pieces: tuple[Piece, ...] = ()
    region: Box | Sequence[int] | None = None
    params: Mapping[str, float] = field(default_factory=dict)
    read: Read = "places"
    ignore_redrawn: bool = True
    ignore_text: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "ignore", areas_of(self.ignore))
        if self.region is not None:
            object.__setattr__(self, "region", box_of(self.region))
        patterns_of(self.ignore_text)
        for name, value in (("min_area", self.min_area), ("threshold", self.threshold)):
            if value is not None and not (math.isfinite(value) and value >= 0):
                raise SettingsError(
                    f"{name} must be a number from 0 up, but is {value}: change it."
                )

    @property
    def ignored_areas(self) -> tuple[Area, ...]:
        """What `ignore` means."""
        return areas_of(self.ignore)

    @property
    def region_box(self) -> Box | None:
        """What `region` means."""
        return None if self.region is None else box_of(self.region)

    @classmethod
    def preset(cls, name: str) -> Settings:
        """The settings that suit a purpose; SettingsError if there is no preset of that name."""
        return preset_named(name).settings


@dataclass(frozen=True, slots=True)
class Preset:
    """Settings that suit a purpose, and what a gate lets pass with them.

    Attributes
    ----------
    title, help : str
        For people: what it is for, and what counts with it.
    settings : Settings
        How to compare.
    allow : frozenset of str
        The motions that a gate lets pass, as in `MotionKind`: of any other, it says that the
        pictures differ. Whoever only looks is told of them all the same.
    """

    title: str
    help: str
    settings: Settings
    allow: frozenset[MotionKind] = frozenset()


PRESETS: Final[Mapping[str, Preset]] = MappingProxyType(
    {
        "photo": Preset(
            "Photographs",
            "What changed, whatever the light, the focus, the noise and the camera's place.",
            Settings(),
        ),
        "screenshot": Preset(
            "Screenshots",
            "Nothing may be moved, lit or blurred otherwise, nor have another size; only how edges "
            "are smoothed may differ.",
            Settings(method="rendering", align="corner", min_area=0),
        ),
        "scan": Preset(
            "Scanned documents",
            "What was written, removed or replaced, however the page lay on the glass; dust "
            "doesn't count.",
            # A full stop of 8 pt type, scanned at 150 dpi, has about 16 px².
            Settings(min_area=15, params={"sensitivity": 2}),
            frozenset({"shift", "turn", "scale", "perspective", "bend"}),
        ),
        "exact": Preset(
            "To the last bit",
            "Any pixel that differs at all counts, and so does another size.",
            Settings(method="absdiff", align="corner", threshold=0, min_area=0),
        ),
        "recipe": Preset(
            "Classic recipe",
            "As textbooks do it, bit for bit: gray pictures, SSIM, places over 40 px².",
            Settings(method="ssim", grayscale=True, align="none", min_area=40),
        ),
    }
)
"""Settings by purpose, by the names that page, command and `Settings.preset` know."""


def preset_named(name: str) -> Preset:
    """The preset of this name; SettingsError if there is none."""
    if name not in PRESETS:
        known = ", ".join(PRESETS)
        raise SettingsError(
            f"The preset must be one of {known}, but is {name!r}: choose one of these."
        )
    return PRESETS[name]

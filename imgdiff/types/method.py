"""What a method is: how it measures a pair, what it can be told, and the words that explain it."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from imgdiff.errors import SettingsError
from imgdiff.types.image import ErrorMap
from imgdiff.types.late_map import Errors, whole_map
from imgdiff.types.pair import Pair
from imgdiff.types.region import Explanation, Region
from imgdiff.types.settings import Settings


@dataclass(frozen=True, slots=True)
class Param:
    """The range of an option, written beside its type: ``Annotated[int, Param(1, 5, 1, "…")]``.

    Attributes
    ----------
    low, high, step : float
        What may be chosen; of a switch (a ``bool``), 0, 1 and 1.
    help : str
        One sentence for the user.
    words : tuple of str
        A name for each step, where a number alone says little.
    title : str
        What people call it; "" makes it of the option's name.
    expert : bool
        Whether only those who know the method will want to set it.
    """

    low: float
    high: float
    step: float
    help: str
    words: tuple[str, ...] = ()
    title: str = ""
    expert: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that a method can be told.

    Attributes
    ----------
    name : str
        In settings, addresses and (with hyphens) on the command line.
    default : float
        A bool makes it a switch.
    param : Param
        Range and words.
    """

    name: str
    default: float
    param: Param

    @property
    def title(self) -> str:
        """The name as people write it."""
        return self.param.title or self.name.replace("_", " ").capitalize()

    @property
    def is_switch(self) -> bool:
        """Whether it is on or off."""
        return isinstance(self.default, bool)

    @property
    def choices(self) -> dict[int, str]:
        """The steps that have words, by number."""
        return dict(enumerate(self.param.words, int(self.param.low)))


def options_of(function: Callable[..., object]) -> tuple[Option, ...]:
    """The options that a function declares: its keyword arguments annotated with a `Param`."""
    hints = get_type_hints(function, include_extras=True)
    options = []
    for name, parameter in inspect.signature(function).parameters.items():
        notes = getattr(hints.get(name), "__metadata__", ())
        options += [Option(name, parameter.default, n) for n in notes if isinstance(n, Param)]
    return tuple(options)


@dataclass(frozen=True, slots=True, eq=False)
class Measurement:
    """What a method finds out about a pair.

    Attributes
    ----------
    errors : ndarray of float32, shape (H, W), or LateMap
        0 = equal, larger = worse.
    score : float
        Of the valid part, on the method's own scale.
    threshold : float
        The error above which a pixel counts as changed.
    regions : tuple of Region or None
        All that the method itself made out, of any area; None leaves that to the map and the
        threshold.
    faint : tuple of Region
        What may be noise as well: told apart, and not counted.
    differs_evenly : bool
        Every valid pixel differs, but too evenly for a place to stand out.
    explained : tuple of Explanation
        What differs and was left out of account.
    indistinct : float
        Levels by which the pictures differ all over, if no place stands out and that's more than
        the method can call noise; else 0.
    """

    errors: Errors
    score: float
    threshold: float
    regions: tuple[Region, ...] | None = None
    differs_evenly: bool = False
    explained: tuple[Explanation, ...] = ()
    indistinct: float = 0
    faint: tuple[Region, ...] = ()

    @property
    def error_map(self) -> ErrorMap:
        """0 = equal, larger = worse: float32, (H, W)."""
        return whole_map(self.errors)


@dataclass(frozen=True, slots=True)
class Method:
    """A way to measure difference, and the words that explain it.

    Attributes
    ----------
    key : str
        The name in settings, addresses and on the command line.
    title, help, source : str
        For people: its name, what it is good for, who published it.
    options : tuple of Option
        What it can be told.
    run : callable
        ``(pair, settings) -> Measurement``; `measure` checks its options first.
    ceiling : float
        The error drawn black in the diff picture.
    score_name, score_help : str
        What the number is called and how to read it.
    unit : str
        Of the score; ``"%"`` means a fraction of 1 to be shown as a percentage.
    worst, best : float
        The scores of pictures without any likeness and of equal ones.
    polygon_areas : bool
        Whether areas are those of polygons, as the classic recipe has them, and not of pixels.
    likeness : callable, optional
        ``score -> float``, 1 = equal, 0 = nothing alike, where that is no straight line from
        `worst` to `best`.
    """

    key: str
    title: str
    help: str
    source: str
    options: tuple[Option, ...]
    run: Callable[[Pair, Settings], Measurement]
    ceiling: float
    score_name: str
    score_help: str
    unit: str
    worst: float
    best: float
    polygon_areas: bool = False
    likeness: Callable[[float], float] | None = None

    @property
    def higher_is_better(self) -> bool:
        """Which way the score points."""
        return self.best > self.worst

    def similarity_percent(self, score: float) -> float:
        """`score` on the scale of people: 100 = equal, 0 = nothing alike (less if opposed)."""
        if self.likeness is not None:
            return 100 * self.likeness(score)
        return 100 * (score - self.worst) / (self.best - self.worst)

    @property
    def good_for(self) -> str:
        """What it is best for, as its help says."""
        return self.help.partition("best for ")[2].partition(". ")[0]

    @property
    def misled_by(self) -> str:
        """What to be careful with: what its help says after that."""
        return self.help.partition("best for ")[2].partition(". ")[2]

    def in_words(self, score: float) -> str:
        """A score with its unit; a perfect one only where it is exactly that."""
        if math.isinf(score):
            return "infinite"
        value, unit = (100 * score, "%") if self.unit == "%" else (score, self.unit)
        text = f"{value:.4f}"
        if text == "100.0000" and unit == "%" and score < 1:
            text = "over 99.9999"
        elif float(text) == 0 and score > 0:
            text = "under 0.0001"
        return f"{text} {unit}".strip()

    def in_short(self, score: float) -> str:
        """A score as it is read at a glance: one digit of a percentage, three of the others."""
        if math.isinf(score):
            return "infinite"
        if self.unit == "%" and score == 1:
            return "100 %"
        if self.unit != "%":
            return f"{score:.3g} {self.unit}".strip()
        if round(100 * score, 1) == 100 and score < 1:
            return "over 99.9 %"
        return f"{100 * score:.1f} %"

    def measure(self, pair: Pair, settings: Settings) -> Measurement:
        """Compare a pair; SettingsError if an option is unknown or out of its range."""
        self.check(settings.params)
        return self.run(pair, settings)

    def check(self, params: Mapping[str, Any]) -> None:
        """SettingsError if an option is unknown or out of its range."""
        known = {option.name: option.param for option in self.options}
        for name, value in params.items():
            if name not in known:
                choice = f"it has {', '.join(known)}" if known else "it has none"
                raise SettingsError(f"The method {self.key} has no option {name}: {choice}.")
            low, high = known[name].low, known[name].high
            if not low <= value <= high:
                raise SettingsError(
                    f"{name} must lie between {low:g} and {high:g}, but is {value}: change it."
                )

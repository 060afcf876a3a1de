"""The methods there are: those of `imgdiff.metrics.table`, and those that packages bring."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from imgdiff.errors import SettingsError
from imgdiff.metrics.entries import map_method
from imgdiff.metrics.pool import mean_error
from imgdiff.metrics.table import MAKERS
from imgdiff.types import ErrorMap, Mask, Method, Option


class _Methods(Mapping[str, Method]):
    """By key; each is made when it's first asked for, as the command needs no more than one."""

    def __init__(self, makers: Mapping[str, Callable[[str], Method]]) -> None:
        self._makers = makers
        self._made: dict[str, Method] = {}

    def __getitem__(self, key: str) -> Method:
        if key not in self._made:
            self._made[key] = self._makers[key](key)
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        return key in self._made or key in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter({**self._makers, **self._made})

    def __len__(self) -> int:
        return len({**self._makers, **self._made})

    def add(self, method: Method) -> None:
        self._made[method.key] = method


_METHODS = _Methods(MAKERS)
METHODS: Mapping[str, Method] = _METHODS

PLUGINS = "imgdiff.methods"
"""Entry points of packages that bring methods: each a function without arguments that calls
`register_method`."""


def register_method(  # noqa: PLR0913 (what there is to say of a method)
    key: str,
    error_map: Callable[..., ErrorMap],
    *,
    ceiling: float,
    score: Callable[[ErrorMap, Mask], float] = mean_error,
    visible: float | None = None,
    score_name: str = "Mean error",
    score_help: str = "Mean of the error map: 0 = equal.",
    unit: str = "",
) -> Method:
    """Add a method of your own, for ``Settings(method=key)`` and ``--method key``.

    Parameters
    ----------
    key : str
        Its name, which no other has.
    error_map : callable
        ``(reference, test, **options) -> (H, W)`` float32, 0 = equal, larger = worse, from uint8
        or uint16 samples (H, W) or (H, W, 3). The first line of its docstring is the title, the
        next paragraph the help; keyword arguments annotated with a `Param` are its options.
    ceiling : float
        The largest error there can be: black in the diff picture, and the score of pictures
        without any likeness.
    score : callable
        ``(error_map, valid) -> float``, 0 = equal; by default the mean.
    visible : float, optional
        The error from which on a difference counts; by default Otsu's method decides.
    score_name, score_help, unit : str
        As in `Method`.

    Raises
    ------
    SettingsError
        There is a method of this key already.
    """
    if key in _METHODS:
        raise SettingsError(f"There is a method {key} already: choose another key.")
    method = map_method(
        key,
        error_map,
        score=score,
        ceiling=ceiling,
        visible=visible,
        score_name=score_name,
        score_help=score_help,
        unit=unit,
        worst=ceiling,
        best=0,
    )
    _METHODS.add(method)
    return method


@cache
def load_plugins() -> None:
    """Let the packages that are installed register their methods, once."""
    from importlib.metadata import entry_points  # noqa: PLC0415 (it looks into every package)

    for plugin in entry_points(group=PLUGINS):
        plugin.load()()


def method_options() -> dict[str, Option]:
    """What all methods together can be told, by name."""
    return {option.name: option for method in METHODS.values() for option in method.options}


def method_named(key: str) -> Method:
    """The method with this key; SettingsError if there is none."""
    if key not in METHODS:
        load_plugins()
    if key not in METHODS:
        known = ", ".join(METHODS)
        raise SettingsError(
            f"The method must be one of {known}, but is {key!r}: choose one of these."
        )
    return METHODS[key]


CHOICES = (
    ("Photographs", "What changed, whoever held the camera?", "changes"),
    ("Photographs", "How much did compression or a filter cost?", "ssimulacra2"),
    ("Screenshots", "What changed, apart from how text is smoothed?", "rendering"),
    ("Screenshots", "What does pixelmatch count?", "pixelmatch"),
    ("Screenshots", "Is every pixel the same?", "absdiff"),
    ("Scans", "What changed, whatever the lamp and the grain?", "changes"),
    ("Line art, boards, plans, plots", "What came, went or moved more than a pixel?", "edges"),
    ("Renders", "What would an eye see when flipping?", "flip"),
    ("Prints, paints, brand colours", "How far are the colours apart?", "delta-e"),
    ("Codecs", "What figure do others quote?", "psnr"),
    ("Whatever the classic recipe was for", "The same answer as ever", "ssim"),
)
"""Which method to choose: what is compared, the question, and the key of the method."""


def as_table() -> str:
    """The methods as a table in Markdown, as docs/methods.md has it."""
    rows = [
        f"| `{key}` | {method.title} | {method.score_help.rstrip('.')} | {method.good_for} "
        f"| {method.misled_by} |"
        for key, method in METHODS.items()
    ]
    return "\n".join(
        ["| key | title | score | good for | beware |", "|---|---|---|---|---|", *rows]
    )

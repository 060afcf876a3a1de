"""``imgdiff.toml``: how to compare the pictures of a folder, as a whole and by their names."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import reduce
from pathlib import Path
from typing import Any, Final, cast

from imgdiff.configuration.rules import Rules, SettingsLayer, check_names, with_layer
from imgdiff.errors import ImgdiffError, SettingsError

NAME: Final = "imgdiff.toml"
_PICTURES, _MATCH = "pictures", "match"
_MOST_BYTES: Final = 2**20


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a settings file says.

    Attributes
    ----------
    layers : tuple of (str, mapping)
        Patterns of names, and what holds for pictures that fit; in order, as later ones refine
        earlier ones.
    """

    layers: tuple[tuple[str, SettingsLayer], ...] = ()

    def rules_for(
        self, name: str, *more: SettingsLayer, first: SettingsLayer | None = None
    ) -> Rules:
        """The rules for a picture of this name.

        What the file says refines the layer `first`; more layers refine that.
        """
        fitting = [layer for pattern, layer in self.layers if fnmatchcase(name, pattern)]
        return reduce(with_layer, (first or {}, *fitting, *more), Rules())


def found_configuration(path: Path | None, *folders: Path) -> Configuration:
    """The file that was named, else the first ``imgdiff.toml`` in one of the folders, else none."""
    if path is not None:
        return read_configuration(path)
    places = (folder / NAME for folder in folders)
    there = next((place for place in places if place.is_file()), None)
    return Configuration() if there is None else read_configuration(there)


def read_configuration(path: Path) -> Configuration:
    """Read a settings file.

    Raises
    ------
    SettingsError
        It's missing, isn't TOML, or says something that isn't known; the text begins with its path.
    """
    content = _parsed(path)
    parts = content.pop(_PICTURES, [])
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise SettingsError(f"{path}: {_PICTURES} must be written as [[{_PICTURES}]]: correct it.")
    layers = [("*", content)]
    for part in parts:
        pattern = part.pop(_MATCH, None)
        if not isinstance(pattern, str):
            raise SettingsError(
                f'{path}: Every [[{_PICTURES}]] needs a line such as {_MATCH} = "home/*.png": '
                "add it."
            )
        layers.append((pattern, part))
    return Configuration(tuple((pattern, _checked(layer, path)) for pattern, layer in layers))


def _parsed(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode()
        return tomllib.loads(text)
    except OSError:
        raise SettingsError(f"{path}: There is no settings file to read: check the path.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: The settings must be TOML: {error}: correct it.") from None


def _checked(layer: dict[str, object], path: Path) -> SettingsLayer:
    """A layer that holds, with paths of masks as seen from here."""
    check_names(layer, where=f"{path}: ")
    layer = dict(layer)
    for name in ("ignore", "ignore-mask"):
        if name in layer:
            layer[name] = _placed(layer[name], path.parent)
    try:
        with_layer(Rules(), layer)
    except ImgdiffError as error:
        raise SettingsError(f"{path}: {error}") from None
    return layer


def _placed(value: object, folder: Path) -> object:
    """Paths are relative to the settings file."""
    if isinstance(value, str):
        return str(folder / value)
    if isinstance(value, list):
        return [_placed(item, folder) for item in value]
    if isinstance(value, dict) and {*value} == {"mask"}:
        return {"mask": str(folder / cast("str", value["mask"]))}
    return value

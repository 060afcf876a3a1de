"""What is printed as JSON is what its schema promises, and so is what imgdiff.toml may say."""

from __future__ import annotations

import io
import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias, get_args

import jsonschema
import numpy as np
import pytest

from imgdiff import PRESETS
from imgdiff.cli import main
from imgdiff.cli.serve import answer_lines
from imgdiff.configuration.rules import SETTING_NAMES
from imgdiff.metrics.registry import METHODS, method_options
from imgdiff.types import Align, MotionKind, Read
from tests.documents import letters
from tests.pdf_files import text_pdf
from tests.pictures import SAMPLES, drawing, photo, write

Schema: TypeAlias = dict[str, Any]
ReadSchema: TypeAlias = Callable[[str], Schema]

PAGES = str(SAMPLES / "page_before.png"), str(SAMPLES / "page_after.png")


@pytest.fixture
def schema(capsys: pytest.CaptureFixture[str]) -> ReadSchema:
    def read(subject: str) -> Schema:
        assert main(["schema", subject]) == 0
        found = json.loads(capsys.readouterr().out)
        jsonschema.Draft202012Validator.check_schema(found)
        assert isinstance(found, dict)
        return found

    return read


def _strict(schema: Schema, name: str) -> Schema:
    """One kind of result, of which every key is known."""
    kind = {**schema["$defs"][name], "additionalProperties": False}
    return {**schema, "anyOf": [kind]}


def _pairs(folder: Path) -> dict[str, tuple[str, ...]]:
    rng = np.random.default_rng(5)
    before = photo("coffee", 200, 300)
    moved = drawing(200, 300)
    moved[20:60, 200:260] = moved[100:140, 20:80]
    pictures = {
        "photo": before,
        "noisy": np.clip(before + rng.normal(0, 9, before.shape), 0, 255).astype(np.uint8),
        "elsewhere": np.roll(before, (7, 5), (0, 1)),
        "other": photo("astronaut", 200, 300),
        "drawing": drawing(200, 300),
        "moved": moved,
        "longer": np.insert(drawing(200, 300), [90] * 20, 255, axis=0),
    }
    paths = {name: str(write(folder, f"{name}.png", shown)) for name, shown in pictures.items()}
    return {
        "page": PAGES,
        "equal": (PAGES[0], PAGES[0]),
        "noise": (paths["photo"], paths["noisy"]),
        "shifted": (paths["photo"], paths["elsewhere"]),
        "unrelated": (paths["photo"], paths["other"]),
        "moved": (paths["drawing"], paths["moved"]),
        "rows": (paths["drawing"], paths["longer"]),
        "ignored": (*PAGES, "--ignore", "0,0,90,90", "--region", "0,0,900,500"),
    }


def test_a_result_is_what_the_schema_says(
    schema: ReadSchema, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pair = _strict(schema("result"), "pair")
    for name, arguments in _pairs(tmp_path).items():
        for options in ([], ["--preset", "screenshot"]):
            assert main(["compare", *arguments, *options, "--json"]) in (0, 1), name
            jsonschema.validate(json.loads(capsys.readouterr().out), pair)
    for method in METHODS:
        assert main(["compare", *PAGES, "--method", method, "--json"]) == 1
        jsonschema.validate(json.loads(capsys.readouterr().out), pair)


def test_documents_are_what_the_schema_says(
    schema: ReadSchema, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = tmp_path / "a.pdf", tmp_path / "b.pdf"
    pages = letters(3, rows=4)
    before.write_bytes(text_pdf(pages))
    after.write_bytes(text_pdf([pages[0], ["4,310"], pages[1]]))
    assert main(["compare", str(before), str(after), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, _strict(schema("result"), "documents"))


def test_answers_of_the_server_are_what_the_schema_says(schema: ReadSchema) -> None:
    requests = [{"id": 7, "before": PAGES[0], "after": PAGES[1]}, {"id": "x", "before": "none"}]
    answers = io.StringIO()
    answer_lines(map(json.dumps, requests), answers)
    result = schema("result")
    for line, kind in zip(answers.getvalue().splitlines(), ("pair", "error"), strict=True):
        jsonschema.validate(json.loads(line), _strict(result, kind))


def test_a_batch_is_what_the_schema_says(
    schema: ReadSchema, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for side, seed in (("before", 0), ("after", 1)):
        (tmp_path / side).mkdir()
        write(tmp_path / side, "same.png", drawing(60, 80))
        write(tmp_path / side, "changed.png", drawing(60, 80, seed=seed))
        write(tmp_path / side, f"{side}.png", drawing(60, 80))
        (tmp_path / side / "broken.png").write_bytes(b"no picture")
    folders = [str(tmp_path / side) for side in ("before", "after")]
    assert main(["batch", *folders, "--json", "--workers", "1"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert {row["status"] for row in found["pairs"]} == {*found["counts"]}
    jsonschema.validate(found, {**schema("batch"), "additionalProperties": False})


def test_the_schema_of_settings_knows_every_name(schema: ReadSchema) -> None:
    known = schema("configuration")
    options = (name.replace("_", "-") for name in method_options())
    assert {*known["properties"]} == {*SETTING_NAMES, *options, "pictures"}
    places = {*known["properties"]["pictures"]["items"]["properties"]}
    assert places == {*known["properties"], "match"} - {"pictures"}
    choices = {name: rule["enum"] for name, rule in known["$defs"].items() if "enum" in rule}
    assert choices == {
        "preset": [*PRESETS], "align": [*get_args(Align)], "read": [*get_args(Read)],
    }  # fmt: skip
    motions = known["$defs"]["allow"]["oneOf"][1]["items"]["enum"]
    assert motions == [*get_args(MotionKind), "all", "none"]
    for name, option in method_options().items():
        rule = known["$defs"][name.replace("_", "-")]
        if not option.is_switch:
            limits = option.param.low, option.param.high
            assert (rule["minimum"], rule["maximum"]) == limits, name


def test_the_example_of_the_manual_is_valid(schema: ReadSchema) -> None:
    manual = (SAMPLES.parent / "docs" / "configuration.md").read_text("utf-8")
    known = schema("configuration")
    jsonschema.validate(tomllib.loads(manual.split("```toml")[1].split("```")[0]), known)
    with pytest.raises(jsonschema.ValidationError, match="sensitivty"):
        jsonschema.validate({"sensitivty": 2}, known)

"""The README says what is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from imgdiff.cli import main
from imgdiff.metrics.registry import as_table
from imgdiff.report import FILES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_table_of_methods_is_current() -> None:
    """`metrics.registry.as_table` writes it anew."""
    assert as_table() in README


def test_every_option_has_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    options: set[str] = set()
    for command in ("compare", "batch", "accept", "similar"):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        options |= set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    table = "\n".join(line for line in README.splitlines() if line.startswith("| `--"))
    assert set(re.findall(r"--[a-z-]+", table)) == options


def test_every_dependency_has_its_line() -> None:
    required = re.findall(r"^[\w-]+", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    pyproject = (ROOT / "pyproject.toml").read_text("utf-8")
    block = pyproject.partition("test = [")[2].partition("]\n")[0]
    for name in required + re.findall(r'"([\w-]+)>', block):
        assert re.search(rf"^\| .*\b{name}\b.* \| ", README, re.MULTILINE), name


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("https://") or (ROOT / target).exists(), target


def test_every_file_to_take_away_has_its_line() -> None:
    rows = "\n".join(line for line in README.splitlines() if line.startswith("| `"))
    offered = [file.name for file in FILES.values() if file.offered]
    assert [name for name in offered if f"`{name}`" not in rows] == []

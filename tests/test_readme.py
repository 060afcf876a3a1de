"""README and docs/ say what is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from imgdiff.cli import main
from imgdiff.metrics.registry import as_table
from imgdiff.report.downloads import FILES

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs").glob("*.md"))
LINKING = [*sorted(ROOT.glob("*.md")), *PAGES]


def _docs(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def _anchors(page: Path) -> set[str]:
    """The headings of a page as GitHub makes addresses of them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_table_of_methods_is_current() -> None:
    """`metrics.registry.as_table` writes it anew."""
    assert as_table() in _docs("methods.md")


def test_every_option_has_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    options: set[str] = set()
    for command in ("compare", "batch", "accept", "review", "similar", "serve", "app"):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        told = capsys.readouterr().out.partition("\nexamples:")[0]
        options |= set(re.findall(r"--[a-z-]+", told)) - {"--help"}
    lines = "\n".join(page.read_text("utf-8") for page in PAGES).splitlines()
    table = "\n".join(line for line in lines if line.startswith("| `--"))
    assert set(re.findall(r"--[a-z-]+", table)) == options


def test_every_dependency_has_its_line() -> None:
    required = re.findall(r"^[\w-]+", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    pyproject = (ROOT / "pyproject.toml").read_text("utf-8")
    block = pyproject.partition("test = [")[2].partition("]\n")[0]
    table = _docs("dependencies.md")
    for name in required + re.findall(r'"([\w-]+)>', block):
        assert re.search(rf"^\| .*\b{name}\b.* \| ", table, re.MULTILINE), name


@pytest.mark.parametrize("page", LINKING, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8")):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        there = page.parent / path if path else page
        assert there.exists(), target
        assert not anchor or anchor in _anchors(there), target


def test_a_visitor_finds_every_page() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [page.name for page in PAGES if f"(docs/{page.name})" not in readme] == []


def test_every_file_to_take_away_has_its_line() -> None:
    rows = "\n".join(line for line in _docs("downloads.md").splitlines() if line.startswith("| `"))
    saved = [file.name_for("a", "b") for file in FILES.values() if file.offered]
    kinds = [name.removeprefix("a–b.") for name in saved]
    told = rows.replace("`….", "`")
    assert [kind for kind in kinds if f"`{kind}`" not in told] == []


@pytest.mark.parametrize("page", LINKING, ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    """But for the changelog, which names what is gone."""
    if page.name == "CHANGELOG.md":
        return
    for name in re.findall(
        r"`([\w.]+(?:/[\w.]+)*/[\w.]+\.(?:py|m?js|json|toml))`", page.read_text("utf-8")
    ):
        assert (ROOT / name).exists() or (ROOT / "imgdiff" / name).exists(), name


def test_requirements_are_those_of_the_package_with_its_page() -> None:
    """Hosts read requirements.txt, pip reads pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = {*project["dependencies"], *extras["app"], *extras["heif"], *extras["pdf"]}
    listed = {*(ROOT / "requirements.txt").read_text("utf-8").split()}
    assert listed == {one for one in wanted if not one.startswith("imgdiff-app")}


def test_nobody_is_told_to_install_what_is_somebody_elses() -> None:
    sources = [
        *LINKING,
        *(ROOT / "imgdiff").rglob("*.py"),
        ROOT / "action.yml",
        *ROOT.glob(".*.yaml"),
    ]
    told = re.compile(r"install (-\S+ )*['\"]?imgdiff(?!-app)\b(?!/)")
    assert [
        str(path) for path in sources if path.exists() and told.search(path.read_text("utf-8"))
    ] == []

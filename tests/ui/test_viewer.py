"""The viewer's helpers, run by node; and how its modules become one text."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from imgdiff.metrics.delta_e import color_difference
from imgdiff.ui.es_modules import joined_modules

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "imgdiff" / "ui" / "viewer"
COMPONENTS = sorted(path.parent for path in (ROOT / "imgdiff" / "ui").glob("*/*.html"))
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed")


@needs_node
def test_the_pure_helpers() -> None:
    assert NODE
    tests = sorted(map(str, (ROOT / "tests" / "js").glob("*.test.mjs")))
    run = subprocess.run([NODE, "--test", *tests], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


@needs_node
@pytest.mark.parametrize("folder", COMPONENTS, ids=lambda folder: folder.name)
def test_a_component_is_one_sound_module(folder: Path, tmp_path: Path) -> None:
    """Names of all its modules share one scope, so none may be given twice."""
    assert NODE
    path = tmp_path / "bundle.mjs"
    path.write_text(joined_modules(folder / f"{folder.name}.js"), encoding="utf-8")
    run = subprocess.run([NODE, "--check", path], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@needs_node
def test_the_viewers_colour_differences_are_those_of_the_method() -> None:
    """The one arithmetic of the core that the browser has too: a pointer waits for no server."""
    assert NODE
    colors = np.random.default_rng(4).integers(0, 256, (2, 1, 200, 3), np.uint8)
    module = (MODULES / "color.js").as_uri()
    script = (
        f'import {{ deltaE, lab }} from "{module}";'
        f"const [one, other] = {colors[:, 0].tolist()};"
        "console.log(JSON.stringify(one.map((c, i) => deltaE(lab(c), lab(other[i])))));"
    )
    run = subprocess.run(
        [NODE, "--input-type=module", "-e", script], capture_output=True, text=True, check=True
    )
    # The method counts in float32.
    assert json.loads(run.stdout) == pytest.approx(color_difference(*colors)[0].tolist(), abs=0.01)


@pytest.mark.parametrize("folder", COMPONENTS, ids=lambda folder: folder.name)
def test_a_component_holds_each_of_its_modules_once_and_no_import(folder: Path) -> None:
    text = joined_modules(folder / f"{folder.name}.js")
    assert not re.search(r"^import ", text, re.MULTILINE)
    (entry,) = re.findall(r"^export .*", text, re.MULTILINE)
    assert re.fullmatch(r"export default entryTo\(\w+\);", entry)
    for module in [*folder.glob("*.js"), *folder.parent.glob("component/*.js")]:
        first_line = module.read_text(encoding="utf-8").splitlines()[0]
        assert text.count(f"{first_line}\n") >= 1, module.name


@pytest.mark.parametrize("path", sorted(MODULES.glob("*.js")), ids=lambda path: path.name)
def test_modules_stay_small_and_names_stay_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert not re.findall(r"innerHTML\s*=(?!\s*PANE;)", text)
    assert "insertAdjacentHTML" not in text

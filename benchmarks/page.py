"""How soon the page shows something: ``python -m benchmarks.page [REPEATS]``.

Our page against one that compares by ``absdiff`` and shows the same six views with ``st.image``, in
a real Chromium, in turns; medians. All times are taken in the browser, from the event that starts
them to the frame in which the result is there. At the end, the browser's heap after two and after
ten comparisons.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import pictures

ROOT = Path(__file__).parents[1]
REPEATS = int(sys.argv[1]) if len(sys.argv) > 1 else 3
PATIENCE = 120_000
RIVALS = {"imgdiff": "app.py", "st.image": "benchmarks/image_page.py"}
MEASURED = (
    "picked → both pictures",
    "uploaded → first boxes",
    "uploaded → boxes of all pixels",
    "area slider",
)
"""The rival has nothing before it has all."""

CLOCK = """
window.clock = {};
addEventListener('change', () => { window.clock.picked = performance.now(); }, true);
addEventListener('keydown', () => { window.clock.pressed = performance.now(); }, true);
window.loaded = (image) => image && image.complete && image.naturalWidth > 0;
window.viewer = () =>
  document.querySelector('[data-testid=stBidiComponentIsolated]')?.shadowRoot;
window.when = (test) => new Promise((resolve) => {
  const look = () => test() ? resolve(performance.now()) : requestAnimationFrame(look);
  look();
});
window.uploaded = () => Math.max(...performance.getEntriesByType('resource')
  .filter((entry) => entry.name.includes('upload_file')).map((entry) => entry.responseEnd));
"""
"""What tells the time in the browser."""

PICTURES = {
    "imgdiff": """() => ['before', 'after'].every((side) => {
      const image = viewer()?.querySelector(`.${side} img`);
      return loaded(image) && image.offsetWidth > 0 && image.style.width;
    })""",
    "st.image": """() => {
      const images = document.querySelectorAll('[data-testid=stImage] img');
      return loaded(images[0]) && loaded(images[1]);
    }""",
}
"""When both pictures are there. The rival has nothing to show before it has the boxes."""

FIRST_BOXES = {
    "imgdiff": "() => viewer().querySelector('.box .line')",
    "st.image": PICTURES["st.image"],
}
BOXES = {
    "imgdiff": "() => viewer().querySelector('.box:not(.glimpsed) .line')",
    "st.image": PICTURES["st.image"],
}
FEWER = {
    "imgdiff": "() => viewer().querySelector('.count').textContent !== window.clock.was",
    "st.image": """() => {
      const image = document.querySelector('[data-testid=stImage] img');
      return image.src !== window.clock.was && loaded(image);
    }""",
}
"""When a higher area threshold shows."""

STATE = {
    "imgdiff": "viewer().querySelector('.count').textContent",
    "st.image": "document.querySelector('[data-testid=stImage] img').src",
}


@contextmanager
def serving(script: str) -> Iterator[str]:
    """Run Streamlit on a script."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, stdout=quiet, stderr=quiet) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address)
            yield address
        finally:
            process.terminate()


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health").close()  # noqa: S310 (our own)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(address)


def _opened(browser: Browser, address: str) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script(CLOCK)
    page.goto(address)
    page.get_by_label("After", exact=True).locator("input[type=file]").wait_for(state="attached")
    return page


def _choose(page: Page, label: str, path: Path) -> None:
    page.get_by_label(label, exact=True).locator("input[type=file]").set_input_files(path)


def _settle(page: Page) -> None:
    page.wait_for_timeout(300)
    page.locator("[data-test-script-state=notRunning]").wait_for(state="attached")


def times(page: Page, rival: str, pair: tuple[Path, Path]) -> dict[str, float]:
    """Seconds from choosing the second file and moving the slider to what they bring."""
    _choose(page, "Before", pair[0])
    page.get_by_label("Remove").first.wait_for()
    _settle(page)
    _choose(page, "After", pair[1])
    seen = page.evaluate(f"when({PICTURES[rival]})")
    picked = page.evaluate("clock.picked")
    glimpsed = page.evaluate(f"when({FIRST_BOXES[rival]})")
    boxed = page.evaluate(f"when({BOXES[rival]})")
    uploaded = page.evaluate("uploaded()")
    _settle(page)
    page.evaluate(f"window.clock.was = {STATE[rival]}")
    page.locator(".st-key-min_area input[type=range]").press("End")
    fewer = page.evaluate(f"when({FEWER[rival]})")
    pressed = page.evaluate("clock.pressed")
    spans = (seen - picked, glimpsed - uploaded, boxed - uploaded, fewer - pressed)
    return {name: span / 1000 for name, span in zip(MEASURED, spans, strict=True)}


def race(browser: Browser, addresses: dict[str, str], pair: tuple[Path, Path]) -> None:
    """Print the table of medians; the first round warms up and doesn't count."""
    samples: dict[str, list[dict[str, float]]] = {rival: [] for rival in RIVALS}
    for turn in range(REPEATS + 1):
        for rival, address in addresses.items():
            page = _opened(browser, address)
            measured = times(page, rival, pair)
            page.context.close()
            if turn:
                samples[rival].append(measured)
    print("| 12 MP JPEG pair | imgdiff, s | st.image, s | × sooner |\n|---|---|---|---|")
    for name in MEASURED:
        ours, theirs = (median(run[name] for run in samples[rival]) for rival in RIVALS)
        print(f"| {name} | {ours:.3f} | {theirs:.3f} | {theirs / ours:.1f} |", flush=True)


def heap(browser: Browser, address: str, folder: Path) -> None:
    """Print the heap in use after two and after ten comparisons, garbage collected."""
    page = _opened(browser, address)
    devtools = page.context.new_cdp_session(page)
    before = pictures.photo(12)
    for turn in range(1, 11):
        after = pictures.edited(before[:, ::-1] if turn % 2 else before)
        pair = pictures.write_pair(folder, f"{turn}.jpg", after if turn % 3 else before, after)
        shown = page.evaluate("viewer()?.querySelector('.viewer').dataset.shown ?? ''")
        for label, path in zip(("Before", "After"), pair, strict=True):
            _choose(page, label, path)
            page.get_by_text(path.name).first.wait_for()
            _settle(page)
        page.evaluate(
            f"""when(() => {{
              const shown = viewer().querySelector('.viewer').dataset.shown ?? '';
              return shown !== 'preview' && shown !== {shown!r};
            }})"""
        )
        if turn in (2, 10):
            devtools.send("HeapProfiler.collectGarbage")
            used = devtools.send("Runtime.getHeapUsage")["usedSize"]
            print(f"heap after {turn} comparisons: {used / 2**20:.1f} MiB", flush=True)
    page.context.close()


def _patched(picture: pictures.Picture) -> pictures.Picture:
    """A copy with changes of many sizes, so that the slider has something to filter."""
    copy = picture.copy()
    for index in range(12):
        side = 12 + 6 * index
        y, x = 150 + 900 * (index % 3), 200 + 900 * (index // 3)
        copy[y : y + side, x : x + side] = 255 - copy[y : y + side, x : x + side]
    return copy


def main() -> None:
    """Make the pictures, measure, print."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    with (
        tempfile.TemporaryDirectory() as name,
        serving(RIVALS["imgdiff"]) as ours,
        serving(RIVALS["st.image"]) as theirs,
        sync_playwright() as playwright,
    ):
        folder = Path(name)
        before = pictures.photo(12)
        pair = pictures.write_pair(folder, "page.jpg", before, _patched(before))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        print(f"{REPEATS} runs each, taken in turns; medians.")
        race(browser, {"imgdiff": ours, "st.image": theirs}, pair)
        heap(browser, ours, folder)
        browser.close()


if __name__ == "__main__":
    main()

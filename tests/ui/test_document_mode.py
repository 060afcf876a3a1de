"""Two documents on the page: the verdict on all pages, and one of them open."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image as PillowImage
from streamlit.testing.v1 import AppTest

from tests.documents import letters
from tests.doing import BEFORE, ROOT, metrics, upload
from tests.pdf_files import text_pdf
from tests.pictures import drawing

PAGES = letters(3, rows=6)
NEW = letters(1, seed=9, rows=6)[0]
EDITED = [*PAGES[2][:3], "the price is 4,310", *PAGES[2][4:]]
PATIENCE = 120
"""Seconds; on a busy machine, a cold start may take long."""

# The clean-up of sessions looks for a server, and these tests may run long enough to see it.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE).run()


def _compared(app: AppTest) -> AppTest:
    """The app, once all pages are compared."""
    end = time.monotonic() + PATIENCE
    while app.header and app.header[0].value.startswith("So far") and time.monotonic() < end:
        time.sleep(0.3)
        app.run()
    assert not app.exception
    return app


def _open(app: AppTest, index: int) -> str:
    """Open a page, as a click on its thumbnail does; the line on it."""
    app.session_state["document_page"] = index
    app.run()
    assert not app.exception
    return str(app.subheader[0].value)


def test_the_verdict_is_about_the_document(app: AppTest) -> None:
    upload(app, text_pdf(PAGES), text_pdf([PAGES[0], NEW, PAGES[1], EDITED]))
    _compared(app)
    assert app.header[0].value == "1 of 3 pages changed, 1 page added."
    assert any("3 pages before, 4 after" in caption.value for caption in app.caption)
    assert app.subheader[0].value.startswith("Page 2, added: It is only in the document after.")
    assert _open(app, 3).startswith("Page 3, now 4: 1 place changed")
    assert metrics(app)["Places changed"] == "1"
    assert _open(app, 0) == "Page 1: The pictures are equal, pixel for pixel."
    assert app.header[0].value == "1 of 3 pages changed, 1 page added."


def test_a_page_without_a_partner_has_no_numbers(app: AppTest) -> None:
    upload(app, text_pdf(PAGES), text_pdf(PAGES[1:]))
    _compared(app)
    assert app.header[0].value == "1 page removed, no change on the other 2 pages."
    assert _open(app, 0) == "Page 1, removed: It is only in the document before."
    assert not metrics(app)


def test_settings_go_for_every_page(app: AppTest) -> None:
    upload(app, text_pdf(PAGES[:2]), text_pdf([PAGES[0], EDITED]))
    _compared(app)
    app.slider(key="min_area").set_value(1000).run()
    _compared(app)
    assert app.header[0].value.startswith(("No change", "1 of 2"))


def test_pages_are_paired_by_hand_and_that_is_undone(app: AppTest) -> None:
    upload(app, text_pdf(PAGES), text_pdf([NEW, *PAGES]))
    _compared(app)
    assert app.header[0].value == "1 page added, no change on the other 3 pages."
    app.number_input(key="pair_before").set_value(1)
    app.number_input(key="pair_after").set_value(1)
    app.button(key="pair_pages").click().run()
    _compared(app)
    assert app.header[0].value.startswith("1 of 3 pages changed")
    app.button(key="unpair_pages").click().run()
    _compared(app)
    assert app.header[0].value == "1 page added, no change on the other 3 pages."


def test_documents_of_one_page_are_two_pictures(app: AppTest) -> None:
    upload(app, text_pdf(PAGES[:1]), text_pdf([EDITED]))
    assert not app.exception
    assert not [heading.value for heading in app.subheader if heading.value.startswith("Page")]
    assert "changed" in app.header[0].value


def test_a_picture_against_a_document(app: AppTest) -> None:
    upload(app, BEFORE, text_pdf(PAGES[:2]))
    _compared(app)
    assert "page" in app.header[0].value


def test_frames_are_pages(app: AppTest) -> None:
    def tiff(*seeds: int) -> bytes:
        file = io.BytesIO()
        pages = [PillowImage.fromarray(drawing(60, 80, seed)) for seed in seeds]
        pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:])
        return file.getvalue()

    upload(app, tiff(1, 2), tiff(1, 3))
    _compared(app)
    assert app.header[0].value == "1 of 2 pages changed."


def test_a_document_that_cant_be_read_is_told(app: AppTest) -> None:
    upload(app, b"%PDF-1.4 broken", text_pdf(PAGES))
    assert app.error[0].value.startswith("Before: The PDF is damaged")

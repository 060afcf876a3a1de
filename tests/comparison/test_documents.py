"""Two documents as one comparison: every page's state, and sentences that claim no more."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from imgdiff import Settings
from imgdiff.comparison.documents import compare_pages
from imgdiff.comparison.page_pair import HowPages
from imgdiff.errors import LoadError
from tests.documents import compared, letters, plan_of, states
from tests.pdf_files import object_pdf, text_pdf

PAGES = letters(4)
NEW = letters(1, seed=9)[0]
EDITED = [*PAGES[2][:5], "the price is 4,310", *PAGES[2][6:]]


def test_each_page_has_its_state() -> None:
    found = compared(text_pdf(PAGES), text_pdf([PAGES[0], NEW, PAGES[1], EDITED]))
    assert states(found) == [
        (1, 1, "equal"),
        (None, 2, "added"),
        (2, 3, "equal"),
        (3, 4, "changed"),
        (4, None, "removed"),
    ]
    assert found.headline == "1 of 3 pages changed, 1 page added, 1 page removed."
    assert not found.alike
    assert [page.pair.number for page in found.worst_first] == [3, 2, 4, 1, 2]


def test_a_page_that_moved_may_have_changed_too() -> None:
    found = compared(text_pdf(PAGES), text_pdf([EDITED, *PAGES[:2], PAGES[3]]))
    assert states(found)[0] == (3, 1, "moved")
    assert found.pages[0].places > 0
    assert found.headline == "1 of 4 pages changed, 1 page moved."
    found = compared(text_pdf(PAGES), text_pdf([PAGES[2], *PAGES[:2], PAGES[3]]))
    assert found.headline == "1 page moved, no change on the other 4 pages."
    assert not found.alike


def test_equal_documents() -> None:
    data = text_pdf(PAGES)
    assert compared(data, data).headline == "The two files are identical, byte for byte."
    found = compared(data, text_pdf(PAGES, title="A title"))
    assert found.headline == "No change on 4 pages."
    assert found.facts == ("Title in the file: none before, “A title” after.",)
    assert found.alike


def test_what_isnt_compared_yet_isnt_claimed() -> None:
    plan = plan_of(text_pdf(PAGES), text_pdf([*PAGES[:3], NEW]))
    assert plan.with_pages(()).headline == "So far, 0 of 4 pages compared: nothing is compared yet."
    with ThreadPoolExecutor(1) as executor:
        pages = compare_pages(plan, HowPages(Settings(), 50), executor, pairs=plan.pairs[:2])
        found = plan.with_pages(pages)
    assert found.headline == "So far, 2 of 4 pages compared: no change on 2 pages."
    assert not found.alike


def test_the_least_alike_pages_come_first() -> None:
    plan = plan_of(text_pdf(PAGES), text_pdf([*PAGES[:2], EDITED, PAGES[3]]))
    assert [pair.number for pair in plan.least_alike_first] == [3, 1, 2, 4]


def test_equal_pages_say_what_comparing_them_says() -> None:
    """They aren't compared: all that is told of them must be as if they were."""
    found = compared(text_pdf(PAGES), text_pdf([*PAGES, NEW]))
    numbers = found.pages[0].numbers
    assert (numbers["similarity_percent"], numbers["changed_fraction"]) == (100, 0)
    assert (numbers["alike"], numbers["regions"], numbers["related"]) == (True, [], True)
    assert numbers["verdict"] == "The pictures are equal, pixel for pixel."


def test_a_damaged_page_fails_alone() -> None:
    huge = text_pdf([["x"]], size=(14_400, 14_400))
    found = compared(huge, huge[:-1] + b" \n", dpi=150)
    assert states(found) == [(1, 1, "failed")]
    assert found.headline == "1 page can't be compared."
    assert "megapixels" in found.pages[0].headline
    assert found.failed
    assert not found.alike


def test_papers_of_other_sizes_are_told() -> None:
    found = compared(text_pdf(PAGES, size=(595, 842)), text_pdf(PAGES, size=(612, 792)))
    assert {page.facts for page in found.pages} == {("The page is A4 before, Letter after.",)}


def test_settings_that_need_one_size_say_so_and_the_rest_is_compared() -> None:
    before = text_pdf(PAGES[:2])
    found = compared(before, text_pdf(PAGES[:2], size=(300, 595)), settings=Settings(align="none"))
    assert [page.status for page in found.pages] == ["changed", "changed"]
    assert "must have the same size" in found.pages[0].headline


def test_text_that_moved_on_is_told() -> None:
    lines = [line for page in PAGES for line in page]
    pushed = ["a new clause of nine words comes in here", *lines]
    after = [pushed[start : start + 20] for start in range(0, len(pushed), 20)]
    found = compared(text_pdf(PAGES), text_pdf(after))
    facts = [page.facts for page in found.pages]
    assert facts[1:4] == [(f"Text moved here from page {n} before.",) for n in (1, 2, 3)]
    assert not facts[0]
    assert found.facts == (
        "The document has 4 pages before, 5 after.",
        "In the text: added: “a new clause of nine words comes in here” (page 1).",
    )


def _linked(address: str, *, bookmark: str = "", secret: bool = False) -> bytes:
    file = io.BytesIO()
    lock = StandardEncryption("", ownerPassword="x") if secret else None
    canvas = Canvas(file, pagesize=(200, 100), invariant=1, encrypt=lock)
    for number in (1, 2):
        canvas.drawString(20, 50, f"page {number}")
        canvas.linkURL(address, (20, 40, 80, 60))
        if bookmark:
            canvas.bookmarkPage(str(number))
            canvas.addOutlineEntry(f"{bookmark} {number}", str(number))
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def test_what_pixels_dont_show_is_told() -> None:
    found = compared(_linked("https://a.example/"), _linked("https://b.example/"))
    assert [page.status for page in found.pages] == ["equal", "equal"]
    link = "A link leads to “https://b.example/”, before to “https://a.example/”."
    assert {page.facts for page in found.pages} == {(link,)}
    found = compared(_linked("x"), _linked("x", bookmark="Part"))
    assert found.facts == ("2 bookmarks added: “Part 1, page 1” and “Part 2, page 2”.",)
    found = compared(_linked("x"), _linked("x", secret=True))
    assert found.facts == ("The file is encrypted after only.",)


def test_attachments_and_signatures_are_told() -> None:
    def attached(name: str, content: str) -> bytes:
        tree = f"/Names << /EmbeddedFiles << /Names [({name}) 5 0 R] >> >>"
        file = f"<< /Type /Filespec /F ({name}) /UF ({name}) /EF << /F 6 0 R >> >>"
        held = f"<< /Type /EmbeddedFile /Length {len(content)} >>\nstream\n{content}\nendstream"
        return object_pdf(file, held, catalog=tree)

    found = compared(attached("a.txt", "one"), attached("a.txt", "two"))
    assert found.facts == ("The attached file “a.txt” changed.",)
    found = compared(attached("a.txt", "one"), attached("b.txt", "one"))
    assert found.facts == ("1 attachment removed: “a.txt”.", "1 attachment added: “b.txt”.")
    field = "/AcroForm << /Fields [5 0 R] /SigFlags 3 >>"
    signed = object_pdf(
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (s) /Rect [0 0 0 0] /V 6 0 R >>",
        "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /Contents <00> >>",
        page="/Annots [5 0 R]",
        catalog=field,
    )
    assert compared(object_pdf(), signed).facts == ("The file is signed digitally after only.",)


def test_a_file_that_cant_be_read_at_all() -> None:
    with pytest.raises(LoadError, match=r"^After: The PDF is damaged"):
        plan_of(text_pdf(PAGES), b"%PDF-1.7")


def test_pages_that_only_got_another_number_are_equal() -> None:
    def numbered(pages: list[list[str]]) -> bytes:
        return text_pdf([[*page, f"Page {n}"] for n, page in enumerate(pages, 1)])

    before = numbered(PAGES)
    found = compared(before, numbered([NEW, *PAGES]), dpi=100)
    assert [page.status for page in found.pages] == ["added", *["equal"] * 4]
    assert found.pages[1].facts == ("Only its page number changed: 1 → 2.",)
    assert found.headline == "1 page added, no change on the other 4 pages."
    found = compared(before, numbered([NEW, *PAGES[:2], EDITED, PAGES[3]]), dpi=100)
    assert [page.status for page in found.pages] == ["added", "equal", "equal", "changed", "equal"]
    other = text_pdf([[*NEW], *([*page, f"Page {n + 5}"] for n, page in enumerate(PAGES, 1))])
    assert compared(before, other, dpi=100).pages[1].status == "changed"

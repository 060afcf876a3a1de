"""A document's comparison as one HTML file or PDF: a list of pages, then those that differ."""

from __future__ import annotations

import io

from imgdiff.report.document import ComparedPage, ComparedPages
from imgdiff.report.document_text import page_line
from imgdiff.report.html import escaped, page_of
from imgdiff.report.tables import Paper, Rows
from imgdiff.view.revision_words import revision_rows
from imgdiff.view.words import percent


def pages_to_html(found: ComparedPages) -> str:
    """All pages as one HTML file."""
    rows = "".join(
        f'<tr><th scope="row">{escaped(title)}</th><td>{escaped(words)}</td><td>{share}</td></tr>'
        for title, words, share in _rows(found)
    )
    names = " and ".join(escaped(name) for name in found.names)
    facts = "".join(f"<p>{escaped(fact)}</p>" for fact in found.facts)
    summary = (
        f"<article><header><h1>{escaped(found.headline)}</h1><p>{names}</p>{facts}</header>"
        '<section><h2>Pages</h2><div class="wide"><table><thead><tr><th scope="col">Page</th>'
        '<th scope="col">Verdict</th><th scope="col">Changed</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div></section>{_text_part(found)}</article>"
    )
    parts = [page.part.decode() for page in found.worst_first if page.part]
    return page_of(found.headline, [summary, *parts])


def pages_to_pdf(found: ComparedPages, *, paper: Paper = "a4") -> bytes:
    """All pages as one PDF: the summary, and behind it the sheets of each page that differs."""
    import pypdfium2  # noqa: PLC0415 (PDFium is large, and rarely needed)

    from imgdiff.report.pdf import pages_story, pdf_of  # noqa: PLC0415 (so is ReportLab)
    from imgdiff.report.sheet_numbers import number_sheets  # noqa: PLC0415

    words = (found.headline, " and ".join(found.names), *found.facts)
    summary = pdf_of(
        found.headline,
        pages_story(words, _rows(found), revision_rows(found.revisions), paper=paper),
        paper=paper,
        numbered=False,
    )
    whole = pypdfium2.PdfDocument(summary)
    for page in found.worst_first:
        if page.part:
            part = pypdfium2.PdfDocument(page.part)
            whole.import_pages(part)
            part.close()
    number_sheets(whole)
    file = io.BytesIO()
    whole.save(file)
    whole.close()
    return file.getvalue()


def _text_part(found: ComparedPages) -> str:
    """What the files' own text says otherwise, as a table; "" if nothing."""
    rows = "".join(
        f"<tr><td>{escaped(words)}</td><td>{escaped(page)}</td></tr>"
        for words, page in revision_rows(found.revisions)
    )
    if not rows:
        return ""
    return (
        '<section><h2>In the text</h2><div class="wide"><table><thead><tr><th scope="col">Change'
        f'</th><th scope="col">Where</th></tr></thead><tbody>{rows}</tbody></table></div></section>'
    )


def _rows(found: ComparedPages) -> Rows:
    return [(page.title, _words(page), _share(page)) for page in found.worst_first]


def _words(page: ComparedPage) -> str:
    return page_line(page).partition(": ")[2]


def _share(page: ComparedPage) -> str:
    """How much of a page changed; of one without a partner that means nothing."""
    return percent(page.changed) if page.numbers else ""

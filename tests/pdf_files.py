"""PDFs made in code: of text by ReportLab, and object by object where a test needs an odd one."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from reportlab.pdfgen.canvas import Canvas


def text_pdf(
    pages: Iterable[Sequence[str]],
    *,
    size: tuple[float, float] = (420, 595),
    turn: int = 0,
    title: str = "",
) -> bytes:
    """A PDF with lines of text on each page."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=size, invariant=1)
    canvas.setTitle(title)
    for lines in pages:
        canvas.setPageRotation(turn)
        canvas.setFont("Helvetica", 11)
        for row, line in enumerate(lines):
            canvas.drawString(40, size[1] - 60 - 16 * row, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def object_pdf(*objects: str, page: str = "", catalog: str = "", content: str = "") -> bytes:
    """A PDF of one page, 200 × 100 pt; `objects` are numbered from 5, a stream's is written whole.

    `page` and `catalog` are entries of those dictionaries; object 4 is the page's content.
    """
    bodies = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R {page} >>",
        stream("", content),
        *objects,
    ]
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = (
        f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    )
    return data + end.encode()


def stream(entries: str, content: str) -> str:
    """An object that is a stream."""
    return f"<< {entries} /Length {len(content)} >>\nstream\n{content}\nendstream"

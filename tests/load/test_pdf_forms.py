"""What is filled in, ticked, marked or switched off is drawn as viewers draw it."""

from __future__ import annotations

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from imgdiff import load_image
from tests.pdf_files import object_pdf, stream


def _form(name: str = "", *, ticked: bool = False, chosen: str = "A", radio: str = "x") -> bytes:
    """Fields with appearances, as most programs write them."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(300, 200), invariant=1)
    form = canvas.acroForm
    form.textfield(name="name", value=name, x=20, y=150, width=200, height=24)
    form.checkbox(name="tick", checked=ticked, x=20, y=110)
    form.choice(name="choice", value=chosen, options=["A", "B"], x=20, y=70, width=80, height=20)
    for value, x in (("x", 20), ("y", 60)):
        form.radio(name="radio", value=value, selected=value == radio, x=x, y=30)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _field(entries: str, *, appearance: str = "") -> bytes:
    """One field or annotation; without an appearance the viewer has to make it."""
    objects = [
        f"<< /Type /Annot /Rect [20 20 180 60] /F 4 {entries} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    if appearance:
        box = "/Type /XObject /Subtype /Form /BBox [0 0 160 40]"
        objects.append(stream(box, appearance))
    form = "/AcroForm << /Fields [5 0 R] /DA (/F 12 Tf 0 g) /DR << /Font << /F 6 0 R >> >> >>"
    return object_pdf(*objects, page="/Annots [5 0 R]", catalog=form)


def _text(value: str) -> bytes:
    return _field(f"/Subtype /Widget /FT /Tx /T (a) /DA (/F 12 Tf 0 g) /V ({value})")


def _layers(off: str) -> bytes:
    """A square in a layer that is shown unless it's named in `off`."""
    content = "/OC /L BDC 0 g 20 20 60 60 re f EMC"
    return object_pdf(
        "<< /Type /OCG /Name (Layer) >>",
        page="/Resources << /Properties << /L 5 0 R >> >>",
        catalog=f"/OCProperties << /OCGs [5 0 R] /D << /OFF [{off}] >> >>",
        content=content,
    )


_MARK = "/Subtype /Highlight /C [1 1 0] /QuadPoints [20 60 180 60 20 20 180 20]"
_INK = "/Subtype /Ink /C [1 0 0] /InkList [[30 30 90 50 150 30]] /BS << /W 3 >>"
_SEEN = "0 0 1 rg 5 5 100 20 re f"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_form("A. Example"), _form("B. Other")),
        (_form(), _form(ticked=True)),
        (_form(), _form(chosen="B")),
        (_form(), _form(radio="y")),
        (_text("one"), _text("two")),
        (object_pdf(), _field(_MARK)),
        (object_pdf(), _field(_INK)),
        (object_pdf(), _field("/Subtype /Stamp /AP << /N 7 0 R >>", appearance=_SEEN)),
        (
            _field("/Subtype /Widget /FT /Sig /T (s)"),
            _field("/Subtype /Widget /FT /Sig /T (s) /AP << /N 7 0 R >>", appearance=_SEEN),
        ),
        (_layers(""), _layers("5 0 R")),
    ],
    ids=[
        "text field", "tick", "dropdown", "radio button", "field without appearance",
        "highlight", "ink", "stamp", "signature field", "layer",
    ],
)  # fmt: skip
def test_what_differs_is_drawn(one: bytes, other: bytes) -> None:
    assert (load_image(one).pixels != load_image(other).pixels).any()
    assert (load_image(one).pixels == load_image(one).pixels).all()

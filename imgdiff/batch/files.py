"""Rows as text for other programs: JSON, CSV and JUnit XML."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Final
from xml.etree import ElementTree as ET

from imgdiff.batch.row import COLUMNS, Row, counts, most_changed_first, row_to_dict, summary
from imgdiff.report.numbers import SCHEMA_VERSION

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rows_to_json(rows: Sequence[Row]) -> str:
    """``{"schema", "summary", "counts", "pairs"}`` as JSON text, most changed first."""
    facts = {
        "schema": SCHEMA_VERSION,
        "summary": summary(rows),
        "counts": counts(rows),
        "pairs": [row_to_dict(row) for row in most_changed_first(rows)],
    }
    return json.dumps(facts, indent=2, ensure_ascii=False)


def rows_to_csv(rows: Sequence[Row]) -> str:
    """A header line and a line for each row, most changed first.

    Text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in most_changed_first(rows):
        writer.writerow([_cell(value) for value in row_to_dict(row).values()])
    return text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, tuple):
        value = "; ".join(str(v) if isinstance(v, str) else ",".join(map(str, v)) for v in value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def to_junit(rows: Sequence[Row], link: Callable[[Row], str] | None = None) -> bytes:
    """A test suite as CI systems show it: what isn't equal fails, what failed is an error.

    `link` gives the address of a row's page, "" where it has none.
    """
    found = counts(rows)
    suite = ET.Element(
        "testsuite",
        name="imgdiff",
        tests=str(len(rows)),
        failures=str(found["changed"] + found["added"] + found["removed"]),
        errors=str(found["failed"]),
        time=f"{sum(row.seconds for row in rows):.3f}",
    )
    for row in sorted(rows, key=lambda row: row.name):
        path = PurePosixPath(_xml_text(row.name))
        case = ET.SubElement(
            suite,
            "testcase",
            classname=".".join(path.parent.parts) or "imgdiff",
            name=path.name,
            time=f"{row.seconds:.3f}",
        )
        if row.status != "equal":
            kind = "error" if row.status == "failed" else "failure"
            outcome = ET.SubElement(case, kind, type=row.status, message=_xml_text(row.verdict))
            lines = [*row.facts, *([f"Page: {link(row)}"] if link and link(row) else [])]
            outcome.text = _xml_text("\n".join(lines)) or None
    ET.indent(suite)
    text: bytes = ET.tostring(suite, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _xml_text(text: str) -> str:
    """Without the characters that XML can't hold, escaped or not."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)

"""Scripts that the network doesn't know come out as Latin letters, and are left alone."""

from __future__ import annotations

import numpy as np
import pytest

from imgdiff.reading.lines import Line
from imgdiff.reading.recogniser import Reading
from imgdiff.reading.scripts import legible
from imgdiff.reading.shapes import Rectangle


def _line(text: str, sure: float = 0.99, unsure: float = 0.0) -> Line:
    count = round(unsure * len(text))
    probabilities = (*[0.5] * count, *[sure] * (len(text) - count))
    spans = tuple((place, place + 1) for place in range(len(text)))
    apart = (1.0,) * len(text)
    reading = Reading(text, probabilities, apart, spans, 0, 1, np.zeros((1, 1), np.float32), {})
    whole = 0, len(text)
    return Line(Rectangle(0, 0, 99, 20), reading, text, (False, False), whole, (reading,))


@pytest.mark.parametrize(
    "text",
    [
        "06aa cyMMa 3aka3a cocTaBaeT TbIca4y",  # Общая сумма заказа составляет тысячу
        "3araNbHa cyMa 3aMOBreHHA CTaHOBITb",  # Загальна сума замовлення становить
        "H τlμń áλλαξε απó xθεç σto",  # Η τιμή άλλαξε από χθες στο
        "本合約自雙方簽署之日起生效",
    ],
)
def test_look_alikes_are_not_read(text: str) -> None:
    assert legible([_line(text)]) == [False]


@pytest.mark.parametrize(
    "text",
    [
        "iPhone 15 and eBay, McDonald USA PDF2 v1.2 B2B",
        "INVOICE NO. A1234-X7 DATE 12/03/2024",
        "Příliš žluťoučký kůň úpěl ďábelské ódy",
        "本合同自双方签字之日起生效",
        "4,160.00",
        "",
    ],
)
def test_what_is_known_is_read(text: str) -> None:
    assert legible([_line(text)]) == [True]


def test_a_line_that_is_unsure_is_not_read() -> None:
    assert legible([_line("peull yi co cuol", unsure=0.3)]) == [False]
    assert legible([_line("Prosze przestac zamowienie", unsure=0.1)]) == [True]


def test_on_a_page_in_such_a_script_nothing_is_read() -> None:
    page = [_line("06aa cyMMa 3aka3a cocTaBaeT"), _line("TbIca4y cyMMa 3aka3a"), _line("pyneň")]
    assert legible(page) == [False, False, False]

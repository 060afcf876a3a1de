"""What a network's probabilities are taken for."""

from __future__ import annotations

import pytest

from imgdiff.reading.recogniser import with_digits


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("at O:33 in room l", "at 0:33 in room l"),
        ("€l,234.OO", "€1,234.00"),
        ("(20l9-O8-07)", "(2019-08-07)"),
        ("H2O and O2 in B1ll", "H2O and O2 in B1ll"),  # letters, for all that is known
        ("file|10|20", "file|10|20"),
        ("Illinois", "Illinois"),
    ],
)
def test_letters_in_the_midst_of_numbers_are_digits(seen: str, meant: str) -> None:
    assert with_digits(seen) == meant

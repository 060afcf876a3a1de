"""Review files come back as they went, and whatever else comes is refused with a sentence."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given

from imgdiff import Settings
from imgdiff.errors import ReviewError
from imgdiff.review.review_file import merge_reviews, read_review, write_review
from imgdiff.review.review_text import (
    MAX_JUDGEMENTS,
    Enclosed,
    ReviewFile,
    layer_of_settings,
    review_from_json,
    review_to_json,
)
from imgdiff.types import Area, Box, Judgement, Polygon, Review

from .test_judgements import REVIEWS

AREAS: tuple[Area, ...] = Box(1, 2, 3, 4), Polygon(((0, 0), (9, 0), (0, 9)))
BEFORE, AFTER = b"one picture", b"another picture"


def enclosed(name: str, data: bytes) -> Enclosed:
    return Enclosed(name, sha256(data).hexdigest(), data)


def review_file(review: Review | None = None, settings: Settings | None = None) -> ReviewFile:
    return ReviewFile(
        enclosed("a.png", BEFORE),
        enclosed("b.png", AFTER),
        layer_of_settings(settings or Settings()),
        nudge=(1, -0.5),
        verdict="1 place changed.",
        review=review or Review((Judgement(Box(1, 2, 3, 4), "meant", "as asked for", by="Ann"),)),
    )


@given(REVIEWS)
def test_a_review_comes_back_as_it_went(review: Review) -> None:
    file = review_file(review)
    assert read_review(write_review(file, numbers="{}")) == file


@given(REVIEWS, REVIEWS)
def test_files_merge_as_their_reviews_do(one: Review, other: Review) -> None:
    merged = merge_reviews([review_file(one), review_file(other)])
    assert merged.review == one.merged(other)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings("ssim", grayscale=True, align="none", min_area=40),
        Settings(ignore=AREAS, region=(0, 0, 9, 9)),
        Settings.preset("scan"),
        Settings.preset("exact"),
        Settings(ignore_text=(r"\d+",), read="page", ignore_redrawn=False),
    ],
)
def test_settings_come_back_as_they_went(settings: Settings) -> None:
    file = replace(review_file(settings=settings), nudge=(0, 0))
    assert read_review(write_review(file)).settings == settings


def test_the_same_review_makes_the_same_file() -> None:
    assert write_review(review_file()) == write_review(review_file())


def test_a_review_may_come_without_its_pictures() -> None:
    file = review_file()
    light = replace(
        file, before=replace(file.before, data=b""), after=replace(file.after, data=b"")
    )
    assert read_review(write_review(light)) == light
    assert merge_reviews([light, file]).before == file.before


def packed(parts: dict[str, bytes], **options: Any) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


TEXT = json.loads(review_to_json(review_file()))


def changed(**values: Any) -> bytes:
    return json.dumps({**TEXT, **values}).encode()


def as_file(text: bytes) -> bytes:
    return packed({"review.json": text, "before": BEFORE, "after": AFTER})


JUDGEMENT = {"box": [1, 2, 3, 4], "intent": "meant"}

HOSTILE = {
    "nothing": b"",
    "no archive": b"PK\x03\x04 and then nothing",
    "a path that leads out": packed({"../review.json": b"{}"}),
    "an absolute path": packed({"/etc/passwd": b"x", "review.json": changed()}),
    "another file": packed({"review.json": changed(), "run.sh": b"rm"}),
    "no text": packed({"before": BEFORE}),
    "a bomb of text": packed({"review.json": b"[" * 2**24}),
    "a bomb of a picture": packed({"review.json": changed(), "before": b"\0" * 2**27}),
    "no JSON": as_file(b"{"),
    "deep JSON": as_file(b"[" * 100_000),
    "a long number": as_file(b'{"format": ' + b"9" * 10_000 + b"}"),
    "not UTF-8": as_file(b"\xff\xfe"),
    "another format": as_file(changed(format="else")),
    "a later version": as_file(changed(version=2)),
    "another picture": packed({"review.json": changed(), "before": b"forged", "after": AFTER}),
    "no digest": as_file(changed(before={"name": "a", "sha256": "../../x"})),
    "no names": as_file(changed(before=[])),
    "judgements of nothing": as_file(changed(judgements=7)),
    "a judgement that is none": as_file(changed(judgements=["meant"])),
    "an unknown intent": as_file(changed(judgements=[{**JUDGEMENT, "intent": "sure"}])),
    "half a box": as_file(changed(judgements=[{"box": [1, 2]}])),
    "a box of letters": as_file(changed(judgements=[{"box": ["1", 2, 3, 4]}])),
    "an endless box": as_file(changed(judgements=[{"box": [0, 0, 10**30, 1]}])),
    "a note that is none": as_file(changed(judgements=[{**JUDGEMENT, "note": ["x"]}])),
    "an unknown setting": as_file(changed(settings={"steal": True})),
    "a method that isn't": as_file(changed(settings={"method": "x"})),
    "somebody else's file": as_file(changed(settings={"ignore-mask": "/etc/passwd"})),
    "somebody's file as area": as_file(changed(settings={"ignore": [{"mask": "/etc/passwd"}]})),
    "many areas": as_file(changed(settings={"ignore": [[0, 0, 1, 1]] * 2000})),
    "a nudge out of the world": as_file(changed(nudge=[float("inf"), 0])),
    "far too many judgements": as_file(changed(judgements=[JUDGEMENT] * (MAX_JUDGEMENTS + 1))),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_sound_review_is_refused_with_one_sentence(name: str) -> None:
    with pytest.raises(ReviewError) as refused:
        read_review(HOSTILE[name])
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert len(sentence) < 500
    assert "/etc" not in sentence


def test_ten_thousand_judgements_are_read_and_written() -> None:
    judgements = [
        Judgement(Box(at % 1000, at // 1000, 3, 3), "meant", "note", by="Ann")
        for at in range(MAX_JUDGEMENTS)
    ]
    file = review_file(Review().merged(Review(tuple(judgements))))
    assert read_review(write_review(file)) == file
    with pytest.raises(ReviewError, match="10,000 judgements"):
        write_review(replace(file, review=Review((*judgements, Judgement(None, "meant")))))


def test_notes_are_text_without_what_is_not_to_be_seen() -> None:
    hostile = "<script>alert(1)</script>\x00\x1b[31m\ud800" + "a" * 5000
    text = json.dumps({**TEXT, "judgements": [{**JUDGEMENT, "note": hostile}]})
    [judgement] = review_from_json(text).review.judgements
    assert judgement.note.startswith("<script>alert(1)</script>")  # shown as text, like any other
    assert "\x00" not in judgement.note
    assert "\x1b" not in judgement.note
    assert len(judgement.note) == 2000
    judgement.note.encode()


def test_reviews_of_different_pairs_do_not_merge() -> None:
    other = replace(review_file(), after=enclosed("b.png", b"a third picture"))
    with pytest.raises(ReviewError, match="of different pictures"):
        merge_reviews([review_file(), other])

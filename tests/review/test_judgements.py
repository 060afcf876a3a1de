"""Laws of judgements: merging is fair, and places are found again."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from imgdiff.types import Box, Judgement, Review, judged_places, opinion_of

BOXES = st.builds(
    Box,
    st.integers(0, 50),
    st.integers(0, 50),
    st.integers(1, 20),
    st.integers(1, 20),
)
JUDGEMENTS = st.builds(
    Judgement,
    box=st.one_of(st.none(), st.sampled_from([Box(1, 2, 3, 4), Box(5, 5, 9, 9)])),
    intent=st.sampled_from(["", "meant", "not meant"]),
    note=st.sampled_from(["", "why", "because"]),
    by=st.sampled_from(["", "Ann", "Bob"]),
    at=st.sampled_from(["", "2026-01-01T00:00:00Z", "2031-01-01T00:00:00Z"]),
    pages=st.sampled_from([None, (1, 1), (0, 2)]),
)
REVIEWS = st.lists(JUDGEMENTS, max_size=6).map(lambda found: Review().merged(Review(tuple(found))))


@given(REVIEWS, REVIEWS)
def test_merging_commutes(one: Review, other: Review) -> None:
    assert one.merged(other) == other.merged(one)


@given(REVIEWS, REVIEWS, REVIEWS)
def test_merging_is_associative(one: Review, other: Review, third: Review) -> None:
    assert one.merged(other).merged(third) == one.merged(other.merged(third))


@given(REVIEWS)
def test_merging_with_itself_or_nothing_changes_nothing(one: Review) -> None:
    assert one.merged(one) == one
    assert one.merged(Review()) == one


@given(REVIEWS, JUDGEMENTS)
def test_a_judgement_settles_its_place_and_leaves_the_others(one: Review, new: Judgement) -> None:
    after = one.with_judgement(new)
    there = [judgement for judgement in after.judgements if judgement.place == new.place]
    assert opinion_of(there) == new.intent
    assert (new in there) != new.says_nothing
    elsewhere = [judgement for judgement in after.judgements if judgement.place != new.place]
    assert elsewhere == [judgement for judgement in one.judgements if judgement.place != new.place]


def test_two_people_who_differ_are_a_conflict_whatever_their_clocks_say() -> None:
    box = Box(1, 2, 3, 4)
    ann = Review((Judgement(box, "meant", by="Ann", at="2026-05-01T10:00:00Z"),))
    bob = Review((Judgement(box, "not meant", by="Bob", at="1970-01-01T00:00:00Z"),))
    both = ann.merged(bob)
    assert opinion_of(both.judgements) == "conflict"
    settled = both.with_judgement(Judgement(box, "not meant", by="Ann"))
    assert opinion_of(settled.judgements) == "not meant"


def test_of_one_person_the_later_word_holds() -> None:
    box = Box(1, 2, 3, 4)
    early, late = (
        Review((replace(said, at=f"2026-05-0{day}T10:00:00Z"),))
        for day, said in enumerate(
            (Judgement(box, "meant", by="Ann"), Judgement(box, "not meant", by="Ann")), 1
        )
    )
    assert late.merged(early) == early.merged(late) == late


@given(st.lists(BOXES, max_size=8, unique=True), st.lists(BOXES, max_size=4))
def test_every_judgement_is_found_at_one_place_at_most(boxes: list[Box], judged: list[Box]) -> None:
    review = Review(tuple(Judgement(box, "meant") for box in judged))
    found = judged_places(boxes, review)
    assert len(found) == len(boxes)
    assert sum(map(len, found)) <= len(judged)
    for box, judgements in zip(boxes, found, strict=True):
        assert all(one in judgements for one in review.judgements if one.box == box)


def test_a_place_found_with_other_settings_keeps_its_judgement() -> None:
    review = Review((Judgement(Box(10, 10, 20, 20), "meant"),))
    grown, elsewhere = Box(9, 9, 23, 22), Box(40, 10, 20, 20)
    assert judged_places([elsewhere, grown], review) == [(), review.judgements]
    assert judged_places([elsewhere], review) == [()]


def test_notes_of_others_outlast_a_judgement_and_a_judgement_can_be_taken_back() -> None:
    box = Box(1, 2, 3, 4)
    review = Review((Judgement(box, "meant", "looks right", by="Ann"),))
    after = review.with_judgement(Judgement(box, "not meant", by="Bob"))
    assert {(one.by, one.intent, one.note) for one in after.judgements} == {
        ("Ann", "", "looks right"),
        ("Bob", "not meant", ""),
    }
    assert review.with_judgement(Judgement(box, by="Ann")) == Review()


def test_pages_have_judgements_of_their_own() -> None:
    one = Judgement(Box(1, 1, 1, 1), "meant", pages=(1, 1))
    other = Judgement(Box(1, 1, 1, 1), "not meant", pages=(2, 2))
    review = Review().with_judgement(one).with_judgement(other)
    assert review.on((1, 1)).judgements == (one,)
    assert review.on(None).judgements == ()

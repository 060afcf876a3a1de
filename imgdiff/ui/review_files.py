"""Review files on the page: taken in when one is dropped, and made to take away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from imgdiff.errors import ImgdiffError, ReviewError
from imgdiff.report.downloads import saved_as
from imgdiff.review.review_file import ENDING, merge_reviews, write_review
from imgdiff.review.review_text import Enclosed, ReviewFile, layer_of_settings
from imgdiff.types import Box, Judgement, Review, Settings, opinion_of
from imgdiff.ui.brought_settings import bring_settings
from imgdiff.ui.jobs import Job, Upload, opened_review, to_make
from imgdiff.ui.plain import plain
from imgdiff.ui.presets import widget_values
from imgdiff.ui.review_state import add_review, review_of_job, review_of_pair

RESTORED = f"brought back.{ENDING}"
"""What the browser calls what it kept itself."""
_TOLD, _REFUSED = "review_told", "review_refused"


def take_reviews(
    files: Sequence[Upload], open_pair: tuple[Upload, Upload] | None
) -> tuple[Upload, Upload] | None:
    """Take in review files: settings and judgements now, and the pair to show, None if none.

    What is wrong with them is told by `tell_of_reviews`, in the next run.
    """
    try:
        pair = _taken(merge_reviews([opened_review(file) for file in files]), open_pair)
        if files[0].name == RESTORED:
            st.session_state[_TOLD] = "Your comparison was brought back, from this computer."
        return pair
    except ImgdiffError as error:
        st.session_state[_REFUSED] = str(error)
        return None


def tell_of_reviews() -> None:
    """Say what became of the review files that came last."""
    refused = st.session_state.pop(_REFUSED, "")
    if refused:
        st.error(plain(refused), icon=":material/error:")
    told = st.session_state.pop(_TOLD, "")
    if told:
        st.toast(plain(told), icon=":material/rate_review:")


def offer_review_file(job: Job, verdict: str) -> None:
    """A button for the review file of the pair on the screen; `verdict` is what is said of it."""
    st.download_button(
        "Review file, to go on with",
        _to_make_review(job, verdict),
        saved_as(job.before.name, job.after.name, f"review.{ENDING}"),
        "application/zip",
        key="download_review",
        help="Both pictures, the settings, and what was said of the changes. Whoever drops it on "
        "this page goes on where you are.",
        on_click="ignore",
        width="stretch",
    )


def review_file_of(before: Upload, after: Upload, settings: Settings) -> ReviewFile:
    """A pair's review as it goes into a file, without its pictures."""
    return ReviewFile(
        Enclosed(before.name, before.sha256),
        Enclosed(after.name, after.sha256),
        layer=layer_of_settings(settings),
        nudge=settings.nudge,
        examples=st.session_state.get("ignore_text", ""),
        review=review_of_pair(before, after),
    )


def _to_make_review(job: Job, verdict: str) -> Callable[[], bytes]:
    file = replace(review_file_of(job.before, job.after, job.settings), verdict=verdict)
    before, after = (Enclosed(u.name, u.sha256, u.data) for u in (job.before, job.after))
    numbers = to_make(job, "comparison.json", review_of_job(job))
    return partial(_made_review, file, before, after, numbers)


def _made_review(
    file: ReviewFile, before: Enclosed, after: Enclosed, numbers: Callable[[], bytes]
) -> bytes:
    whole = replace(file, before=before, after=after)
    return write_review(whole, numbers=numbers().decode())


def _taken(
    file: ReviewFile, open_pair: tuple[Upload, Upload] | None
) -> tuple[Upload, Upload] | None:
    digests = file.before.sha256, file.after.sha256
    is_open = open_pair is not None and digests == tuple(one.sha256 for one in open_pair)
    if is_open and open_pair is not None:
        pair = open_pair
    elif file.before.data and file.after.data:
        pair = (
            Upload(file.before.name, file.before.data),
            Upload(file.after.name, file.after.data),
        )
    else:
        raise ReviewError(
            "This review file holds judgements without their pictures: open the two pictures "
            "first, then drop it again."
        )
    if not (is_open and review_of_pair(*pair).judgements):
        _set(file, pair)
    merged = add_review(*pair, file.review)
    st.session_state[_TOLD] = _in_words(file.review, merged)
    return pair


def _set(file: ReviewFile, pair: tuple[Upload, Upload]) -> None:
    """Set the page's widgets and areas to what the review was made with."""
    settings = file.settings
    st.session_state.update(widget_values(settings))
    st.session_state.update(
        read=settings.read != "nothing",
        ignore_redrawn=settings.ignore_redrawn,
        ignore_text=file.examples,
        ignored_areas=tuple(area for area in settings.ignored_areas if isinstance(area, Box)),
        nudge=file.nudge,
        points=settings.points,
        areas_pair=tuple(one.sha256 for one in pair),
    )
    bring_settings(settings, file.examples, (pair[0].sha256, pair[1].sha256))


def _in_words(new: Review, merged: Review) -> str:
    """How many judgements came in, and whether people differ."""
    count = len(new.judgements)
    if not count:
        return ""
    said = "1 judgement was" if count == 1 else f"{count} judgements were"
    places: dict[object, list[Judgement]] = {}
    for one in merged.judgements:
        places.setdefault(one.place, []).append(one)
    conflicts = sum(opinion_of(judgements) == "conflict" for judgements in places.values())
    if not conflicts:
        return f"{said} taken in."
    differ = "On 1 change" if conflicts == 1 else f"On {conflicts} changes"
    return f"{said} taken in. {differ} people differ: judge them anew to settle it."

"""What is said about changes in this session, by pair: judged in the viewer, undone, brought in."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from imgdiff.review.judgement_text import (
    MAX_NAME,
    clean_text,
    judgement_from_dict,
    judgement_to_dict,
)
from imgdiff.review.review_text import MAX_JUDGEMENTS
from imgdiff.types import Box, Review, judged_places
from imgdiff.ui.jobs import Job, Upload
from imgdiff.ui.undo import note_settings

_MOST_AT_ONCE = 5_000


def pair_key(before: Upload, after: Upload) -> str:
    """The same for the same two files, whatever they are called."""
    return f"{before.sha256} {after.sha256}"


def review_of_pair(before: Upload, after: Upload) -> Review:
    """All that is said about two files in this session."""
    return _reviews().get(pair_key(before, after), Review())


def review_of_job(job: Job) -> Review:
    """What is said about two pictures, or about the two pages of a job."""
    return review_of_pair(job.before, job.after).on(_pages(job))


def add_review(before: Upload, after: Upload, review: Review) -> Review:
    """Take in what others said about two files; what is said of them now."""
    merged = review_of_pair(before, after).merged(review)
    _keep(pair_key(before, after), merged)
    return merged


def judge(act: Mapping[str, Any]) -> None:
    """Take in what the viewer says was judged: each is a step that can be undone."""
    key, judgements = act.get("pair"), act.get("judgements", [])
    if not isinstance(key, str) or key != st.session_state.get("reviewed_pair"):
        return  # of a pair that isn't on the screen any longer
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    note_settings()
    for facts in judgements[:_MOST_AT_ONCE]:
        with suppress(TypeError, ValueError, KeyError):
            told = {**facts, "by": clean_text(act.get("by", ""), MAX_NAME), "at": now}
            review = _reviews().get(key, Review()).with_judgement(judgement_from_dict(told))
            if len(review.judgements) <= MAX_JUDGEMENTS:
                _keep(key, review)
                note_settings()


def review_shown(job: Job, places: list[dict[str, Any]]) -> dict[str, Any]:
    """What the viewer is told: what is said of each change, by its number, and of the pair."""
    st.session_state["reviewed_pair"] = pair_key(job.before, job.after)
    review = review_of_job(job)
    pages = _pages(job)
    judged = judged_places([Box(*place["place"]) for place in places], review)
    return {
        "pair": pair_key(job.before, job.after),
        "pages": None if pages is None else list(pages),
        "judged": {
            place["number"]: [judgement_to_dict(one) for one in said]
            for place, said in zip(places, judged, strict=True)
            if said
        },
        "whole": [judgement_to_dict(one) for one in review.of_pair],
    }


def _pages(job: Job) -> tuple[int, int] | None:
    if job.before.page is None and job.after.page is None:
        return None
    return job.before.page or 0, job.after.page or 0


def _reviews() -> dict[str, Review]:
    reviews: dict[str, Review] = st.session_state.setdefault("reviews", {})
    return reviews


def _keep(key: str, review: Review) -> None:
    # Another mapping each time: undo remembers them as they were.
    st.session_state["reviews"] = {**_reviews(), key: review}

"""Methods: each one on the same pair, with what it is good for and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from imgdiff.comparison.every_method import EveryMethod, Finding
from imgdiff.errors import ImgdiffError
from imgdiff.metrics.registry import CHOICES, METHODS
from imgdiff.types import Method, Settings
from imgdiff.ui.frame import open_page
from imgdiff.ui.jobs import Job, Upload, surveyed
from imgdiff.ui.maps import Card, show_maps
from imgdiff.ui.media import address_of
from imgdiff.ui.pair_choice import kept_pair
from imgdiff.ui.plain import plain
from imgdiff.ui.samples import samples

_OWN = "yours"


def _choose() -> Job:
    """What to compare: the pair that was just compared, if there is one, or a sample."""
    all_samples, own = samples(), kept_pair()
    titles = {_OWN: "Your pictures"} if own else {}
    titles |= {key: sample.title for key, sample in all_samples.items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Pictures", titles, format_func=titles.__getitem__, key="sample")
        grayscale = st.toggle("Grayscale", value=False, key="methods_grayscale")
    if own and chosen == _OWN:
        # File names are text: in a caption they could be markup.
        st.text(f"{own[0].name} and {own[1].name}")
        return _job(own, grayscale=grayscale)
    st.caption(all_samples[chosen].about)
    return _job(all_samples[chosen].uploads(), grayscale=grayscale)


def _job(pair: tuple[Upload, Upload], *, grayscale: bool) -> Job:
    return Job(*pair, Settings(grayscale=grayscale))


def _cards(found: EveryMethod) -> Iterator[Card]:
    """Both pictures, then what each method makes of them."""
    for png, title in ((found.before_png, "Before"), (found.after_png, "After")):
        yield Card(
            address_of(png, slot=f"survey_{title}"), title, "", "", f"Picture {title.lower()}"
        )
    for key, finding in found.findings.items():
        yield _card(METHODS[key], finding)


def _card(method: Method, finding: Finding) -> Card:
    if finding.refusal:
        return Card("", method.title, "", finding.refusal, "")
    address = address_of(finding.png, slot=f"survey_{method.key}")
    note = f"{method.score_name}, in {finding.seconds:.2f} s"
    alt = f"Error map of {method.title}: dark where the pictures differ"
    return Card(address, method.title, finding.score_text, note, alt)


def _show_choices() -> None:
    """For each kind of picture, a question and the method that answers it."""
    st.header("Which one to choose", anchor=False)
    rows = [f"| {what} | {question} | {METHODS[key].title} |" for what, question, key in CHOICES]
    st.markdown("\n".join(["| Pictures | Question | Method |", "|---|---|---|", *rows]))


def _show_explanations() -> None:
    """What each is good for, what misleads it, and who published it."""
    st.header("What they are", anchor=False)
    for method in METHODS.values():
        with st.container(border=True):
            st.subheader(method.title, anchor=False)
            st.write(method.help)
            st.caption(f"{method.score_help} On the command line: `--method {method.key}`.")
            st.caption(f"Source: {method.source}")


open_page("Methods")
st.caption(
    "Every method on the same pair of pictures, all maps on one scale: white is equal, black as "
    "different as the method can tell; in between faint differences are made to show."
)
try:
    show_maps(list(_cards(surveyed(_choose()))), key="maps")
except ImgdiffError as error:
    st.error(plain(str(error)), icon=":material/error:")
_show_choices()
_show_explanations()

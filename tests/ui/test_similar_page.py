"""The page Similar as a user meets it, without a browser: Streamlit's own AppTest."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from skimage import data
from streamlit.testing.v1 import AppTest

from imgdiff.similar.fingerprint import Fingerprint, fingerprint
from tests.pictures import SAMPLES, Picture
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
File = tuple[str, bytes, str]


def png(picture: Picture, name: str) -> File:
    data = cv2.imencode(".png", np.ascontiguousarray(picture[..., ::-1]))[1]
    return name, data.tobytes(), "image/png"


ASTRONAUT = png(data.astronaut()[::2, ::2], "astronaut.png")
MIRRORED = png(data.astronaut()[::2, ::-2], "mirrored.png")
ROCKET = png(data.rocket(), "rocket.png")
BLANK = png(np.full((30, 40, 3), 255, np.uint8), "blank.png")


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(str(ROOT / "pages" / "similar.py"), default_timeout=PATIENCE).run()


def upload(app: AppTest, *files: File) -> AppTest:
    app.file_uploader(key="similar_files").set_value(list(files))
    return app.run()


def headers(app: AppTest) -> list[str]:
    return [header.value for header in app.header]


def captions(app: AppTest) -> str:
    return " ".join(caption.value for caption in app.caption)


def texts(app: AppTest) -> str:
    return " ".join(text.value for text in app.text)


def html(app: AppTest) -> str:
    return "".join(element.proto.body for element in app.get("html"))


def cards(app: AppTest) -> list[list[dict[str, Any]]]:
    """The pictures of each row of cards."""
    rows = [json.loads(part.proto.json)["payload"] for part in app.get("bidi_component")]
    return [json.loads(row)["cards"] for row in rows]


def test_the_empty_page_invites(app: AppTest) -> None:
    assert not app.exception
    assert app.title[0].value == "How alike are pictures?"
    assert "Drop two pictures" in captions(app)
    assert [button.label for button in app.button] == [
        "Try a sample: two pictures", "Try a sample: 6 pictures",
    ]  # fmt: skip


def test_two_pictures_get_words_a_gauge_and_lines(app: AppTest) -> None:
    upload(app, ASTRONAUT, MIRRORED)
    assert not app.exception
    (headline,) = headers(app)
    assert headline.endswith("alike: nearly identical content")
    percent = headline.split()[0]
    assert f'aria-valuenow="{percent}"' in html(app)
    evidence = " ".join(markdown.value for markdown in app.markdown)
    assert "Same picture or same scene, confirmed by" in evidence
    assert "One of them is mirrored." in evidence
    assert "astronaut.png and mirrored.png side by side" in html(app)
    assert "guidance, not proof" in captions(app)


def test_three_pictures_are_a_set(app: AppTest) -> None:
    upload(app, ASTRONAUT, MIRRORED, ROCKET)
    assert not app.exception
    assert headers(app) == ["1 group of near-duplicates: 2 of 3 pictures."]
    assert [tab.label for tab in app.tabs] == ["Near-duplicates", "Similarity matrix", "Neighbours"]
    assert app.selectbox(key="similar_picture").value == 0
    app.selectbox(key="similar_picture").set_value(2).run()
    assert not app.exception
    chosen, neighbours = cards(app)[-2:]
    assert [card["name"] for card in chosen] == ["rocket.png"]
    assert {card["name"] for card in neighbours} == {"astronaut.png", "mirrored.png"}
    assert [card["compare"]["name"] for card in neighbours] == ["rocket.png"] * 2


def test_one_more_picture_is_read_alone(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    upload(app, ASTRONAUT, MIRRORED, ROCKET)
    asked: list[str] = []

    def noted(data: bytes, name: str, **options: Any) -> Fingerprint:
        asked.append(name)
        return fingerprint(data, name, **options)

    monkeypatch.setattr("imgdiff.ui.similar.progress.fingerprinter", lambda: noted)
    app.run()
    assert asked == []
    app.file_uploader(key="similar_folder").set_value([png(data.coffee(), "coffee.png")])
    app.run()
    assert asked == ["coffee.png"]
    assert headers(app) == ["1 group of near-duplicates: 2 of 4 pictures."]


def test_an_archive_is_opened(app: AppTest) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name, content, _ in (ASTRONAUT, MIRRORED, ROCKET):
            file.writestr(f"album/{name}", content)
    upload(app, ("album.zip", archive.getvalue(), "application/zip"))
    assert headers(app) == ["1 group of near-duplicates: 2 of 3 pictures."]
    assert "rocket.png" in {card["name"] for group in cards(app) for card in group}


def test_an_archive_that_is_refused_is_told_of(app: AppTest) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_BZIP2) as file:
        file.writestr("bomb.png", bytes(2**20))
    upload(app, ("bomb.zip", archive.getvalue(), "application/zip"))
    assert "bomb.zip: An archive packed the usual way" in texts(app)


def test_one_picture_asks_for_more(app: AppTest) -> None:
    upload(app, ASTRONAUT)
    assert not app.exception
    assert "Now add another picture" in captions(app)


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (BLANK, "blank.png: A picture that shows something is expected"),
        (("words.png", b"just words", "image/png"), "words.png: A JPEG"),
        (
            ("cut.zip", b"PK\x03\x04", "application/zip"),
            "cut.zip: A ZIP archive of pictures is expected",
        ),
        (("empty.png", b"", "image/png"), "empty.png: The file is empty"),
    ],
)
def test_a_file_of_no_use_is_named_and_the_others_go_on(
    app: AppTest, file: File, reason: str
) -> None:
    upload(app, ASTRONAUT, file, MIRRORED)
    assert not app.exception
    assert reason in texts(app)
    assert headers(app)[0].endswith("alike: nearly identical content")


def test_too_many_are_refused_kindly(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imgdiff.ui.similar.choice.MAX_PICTURES", 2)
    upload(app, ASTRONAUT, MIRRORED, ROCKET)
    assert not app.exception
    assert "may have 2 pictures, but this one has 3" in app.error[0].value


def test_what_was_stopped_goes_on_where_it_was(app: AppTest) -> None:
    """The button's own run ends the one at work; all that was read by then is kept."""
    upload(app, ASTRONAUT, MIRRORED)
    keys = app.session_state["similar_related"][0]
    app.session_state["similar_stopped"] = keys
    del app.session_state["similar_related"]
    app.run()
    assert "Stopped: 2 of 2 pictures are read." in texts(app)
    assert headers(app) == []
    app.button(key="similar_go_on").click().run()
    assert headers(app)[0].endswith("alike: nearly identical content")
    app.session_state["similar_stopped"] = keys
    upload(app, ASTRONAUT, MIRRORED, ROCKET)
    assert headers(app) == ["1 group of near-duplicates: 2 of 3 pictures."]


def test_a_set_too_large_for_the_matrix_says_so(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imgdiff.similar.collection.MOST_IN_MATRIX", 2)
    upload(app, ASTRONAUT, MIRRORED, ROCKET)
    assert not app.exception
    assert "A matrix is drawn of up to" in captions(app)
    assert headers(app) == ["1 group of near-duplicates: 2 of 3 pictures."]


def test_the_samples_work_and_can_be_left(app: AppTest) -> None:
    app.button(key="similar_sample_set").click().run()
    assert headers(app) == ["3 groups of near-duplicates: 6 of 6 pictures."]
    app.button(key="similar_start_over").click().run()
    app.button(key="similar_sample_pair").click().run()
    assert headers(app)[0].endswith("alike: nearly identical content")


def test_hostile_names_stay_text(app: AppTest) -> None:
    name = "<img src=x onerror=alert(1)>![x](http:).png"
    upload(app, (name, *ASTRONAUT[1:]), (name, *MIRRORED[1:]), ROCKET)
    assert not app.exception
    assert "<img src=x" not in html(app)


def _page_with_a_hint() -> None:
    """What the compare page does with pictures that aren't of one thing."""
    from pathlib import Path  # noqa: PLC0415 (the function is all that the page consists of)

    from imgdiff.ui.jobs import Upload  # noqa: PLC0415
    from imgdiff.ui.similar.hint import offer_similarity  # noqa: PLC0415

    samples = Path("samples")
    names = ("coffee_before.jpg", "page_after.png")
    uploads = [Upload(name, (samples / name).read_bytes()) for name in names]
    offer_similarity("36 % alike: related", *uploads)


def test_the_compare_page_can_hint_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    switched: list[str] = []
    monkeypatch.setattr("streamlit.switch_page", switched.append)
    monkeypatch.chdir(SAMPLES.parent)
    app = AppTest.from_function(_page_with_a_hint).run()
    assert "**36 % alike: related**" in app.markdown[0].value
    app.button(key="to_similar").click().run()
    assert switched == ["pages/similar.py"]
    names = [upload.name for upload in app.session_state["similar_kept"]]
    assert names == ["coffee_before.jpg", "page_after.png"]


def test_pictures_are_never_decoded_in_the_servers_process(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def caught(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("imgdiff.similar.fingerprint.load_image", caught)
    upload(app, ASTRONAUT, MIRRORED)
    assert not app.exception
    assert headers(app)[0].endswith("nearly identical content")

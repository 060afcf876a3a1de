"""``imgdiff serve --stdio``: one comparison after another, with start-up paid once."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from imgdiff.cli.parser import add_command
from imgdiff.cli.terminal import harmless
from imgdiff.errors import ImgdiffError, SettingsError

if TYPE_CHECKING:
    from imgdiff.cli.parser import Commands

_KEYS = {"id", "before", "after", "settings", "out", "report"}


def add_to(commands: Commands) -> None:
    """Add the command to the parser of commands."""
    parser = add_command(
        commands,
        "serve",
        description="Read a request from each line of standard input, and write the answer as a "
        'line to standard output. A request is JSON: {"before": PATH, "after": PATH}, and '
        'perhaps "id" (given back as it is), "settings" (by the names of the options of imgdiff '
        'compare), "out" (a folder for pictures) and "report" (FILE.html or FILE.pdf). The answer '
        'is what imgdiff compare --json prints, in one line; or {"error": SENTENCE}.',
        examples=("""echo '{"before": "a.png", "after": "b.png"}' | imgdiff serve --stdio""",),
    )
    parser.add_argument(
        "--stdio", action="store_true", required=True, help="on standard input and output"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> tuple[str, int]:  # noqa: ARG001 (as every command)
    """What to print, and the exit code."""
    answer_lines(iter(sys.stdin.readline, ""), sys.stdout)  # each line as soon as it is there
    return "", 0


def answer_lines(requests: Iterable[str], answers: TextIO) -> None:
    """Answer each request with a line, at once."""
    for line in requests:
        if line.strip():
            answers.write(harmless(json.dumps(_answer(line), ensure_ascii=False)) + "\n")
            answers.flush()


def _answer(line: str) -> dict[str, Any]:
    """What to answer; an error is an answer too."""
    request: object = None
    try:
        request = json.loads(line)
        return {**_id_of(request), **_compared(_checked(request))}
    except json.JSONDecodeError:
        return {"error": 'A request is JSON on one line, such as {"before": "a.png", "after": '
                '"b.png"}, but this isn\'t: correct it.'}  # fmt: skip
    except ImgdiffError as error:
        return {**_id_of(request), "error": str(error)}
    except OSError as error:
        return {**_id_of(request), "error": f"The results can't be written ({error.strerror}): "
                "choose another place."}  # fmt: skip
    except Exception as error:  # noqa: BLE001 (told, and the next requests are answered)
        sys.excepthook(*sys.exc_info())
        return {**_id_of(request), "error": f"imgdiff itself failed ({type(error).__name__}): "
                "please report it."}  # fmt: skip


def _id_of(request: object) -> dict[str, Any]:
    return {"id": request["id"]} if isinstance(request, dict) and "id" in request else {}


def _checked(request: object) -> dict[str, Any]:
    if not isinstance(request, dict):
        raise SettingsError("A request must be a JSON object, but isn't: correct it.")
    unknown = {*request} - _KEYS
    if unknown:
        raise SettingsError(
            f"A request may have {', '.join(sorted(_KEYS))}, but has {min(unknown)!r}: remove it."
        )
    for key in ("before", "after"):
        if not isinstance(request.get(key), str):
            raise SettingsError(f"A request needs {key}, the path of a picture: add it.")
    if not isinstance(request.get("settings", {}), dict):
        raise SettingsError("settings must be a JSON object of options: correct it.")
    return request


def _compared(request: dict[str, Any]) -> dict[str, Any]:
    # The other commands don't need them, and start faster without.
    from imgdiff.comparison.pipeline import compare  # noqa: PLC0415
    from imgdiff.comparison.result import gate_facts  # noqa: PLC0415
    from imgdiff.configuration.rules import Rules, with_layer  # noqa: PLC0415
    from imgdiff.report.numbers import to_dict  # noqa: PLC0415

    rules = with_layer(Rules(), request.get("settings", {}))
    result = compare(Path(request["before"]), Path(request["after"]), rules.settings)
    if "out" in request:
        result.save(request["out"])
    if "report" in request:
        result.report(request["report"])
    return {**to_dict(result.view()), **gate_facts(result, result.failures(rules.tolerance))}

"""What a user can get wrong: each error says what was expected, what was found and what to do."""


class ImgdiffError(Exception):
    """Base of all errors raised on purpose; the text is one sentence, fit for a user."""


class LoadError(ImgdiffError):
    """The bytes are not a picture that imgdiff reads, are damaged, or exceed a limit."""


class TooLargeError(LoadError):
    """A picture file has more bytes or pixels than are held at once."""


class SizeError(ImgdiffError):
    """The pictures' sizes don't fit each other, or don't fit the method."""


class AlignmentError(ImgdiffError):
    """The test picture can't be brought onto the reference's grid."""


class SettingsError(ImgdiffError):
    """A setting has a value outside what it allows."""


class PairingError(ImgdiffError):
    """Files can't be brought together in pairs."""


class ReviewError(ImgdiffError):
    """A review file is damaged, made to do harm, of a later version, or of another pair."""


class CacheError(ImgdiffError):
    """A cache is damaged, of another version, something else, or can't be written."""


class WorkError(ImgdiffError):
    """A comparison took too long or too much memory, or the server has no room for another."""


class WorkerLostError(WorkError):
    """The process that compared came to an end that nobody wanted."""


class Cancelled(ImgdiffError):  # noqa: N818 (nothing went wrong)
    """The comparison was stopped by whoever asked for it."""


class BlankError(ImgdiffError):
    """The picture is of one colour, so nothing can be said about what it shows."""


class ModelError(ImgdiffError):
    """A model's file is missing, is not the one that was expected, or can't be used."""

"""Imported into a template of worker processes, lets all of them be nobody's."""

import os

_NOBODY = 65534

os.setgroups([])
os.setgid(_NOBODY)
os.setuid(_NOBODY)

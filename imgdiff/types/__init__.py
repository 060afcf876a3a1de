"""The values that travel between the stages: arrays inside, names outside, no algorithms."""

from imgdiff.types.pairs import Alignment as Alignment
from imgdiff.types.pairs import Block as Block
from imgdiff.types.pairs import Pair as Pair
from imgdiff.types.pictures import Box as Box
from imgdiff.types.pictures import ErrorMap as ErrorMap
from imgdiff.types.pictures import FileFacts as FileFacts
from imgdiff.types.pictures import Image as Image
from imgdiff.types.pictures import Mask as Mask
from imgdiff.types.pictures import Picture as Picture
from imgdiff.types.pictures import Pixels as Pixels
from imgdiff.types.pictures import holds_everywhere as holds_everywhere
from imgdiff.types.results import Align as Align
from imgdiff.types.results import Comparison as Comparison
from imgdiff.types.results import Explanation as Explanation
from imgdiff.types.results import Kind as Kind
from imgdiff.types.results import Move as Move
from imgdiff.types.results import Region as Region
from imgdiff.types.results import Settings as Settings

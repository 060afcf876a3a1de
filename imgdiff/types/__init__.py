"""The values that travel between the stages: arrays inside, names outside, no algorithms."""

from imgdiff.types.comparison import Comparison as Comparison
from imgdiff.types.image import Box as Box
from imgdiff.types.image import ErrorMap as ErrorMap
from imgdiff.types.image import FileFacts as FileFacts
from imgdiff.types.image import Floats as Floats
from imgdiff.types.image import Image as Image
from imgdiff.types.image import Mask as Mask
from imgdiff.types.image import Picture as Picture
from imgdiff.types.image import Pixels as Pixels
from imgdiff.types.image import holds_everywhere as holds_everywhere
from imgdiff.types.method import Measurement as Measurement
from imgdiff.types.method import Method as Method
from imgdiff.types.method import Option as Option
from imgdiff.types.method import Param as Param
from imgdiff.types.method import options_of as options_of
from imgdiff.types.pair import Alignment as Alignment
from imgdiff.types.pair import Block as Block
from imgdiff.types.pair import Pair as Pair
from imgdiff.types.region import Explanation as Explanation
from imgdiff.types.region import Kind as Kind
from imgdiff.types.region import Move as Move
from imgdiff.types.region import Region as Region
from imgdiff.types.settings import Align as Align
from imgdiff.types.settings import Settings as Settings

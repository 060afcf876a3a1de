"""A `View` as something to keep.

No file holds anything of the user's but pixels, and the pictures' names as text.
"""

from imgdiff.report.animation import to_gif as to_gif
from imgdiff.report.animation import to_webp as to_webp
from imgdiff.report.files import FILES as FILES
from imgdiff.report.files import TakeAway as TakeAway
from imgdiff.report.numbers import region_rows as region_rows
from imgdiff.report.numbers import to_csv as to_csv
from imgdiff.report.numbers import to_dict as to_dict
from imgdiff.report.numbers import to_json as to_json
from imgdiff.report.page import to_html as to_html
from imgdiff.report.pictures import png_pieces as png_pieces
from imgdiff.report.pictures import to_jpeg as to_jpeg
from imgdiff.report.pictures import to_png as to_png
from imgdiff.report.pictures import to_zip as to_zip

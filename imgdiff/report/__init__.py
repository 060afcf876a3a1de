"""A `View` as something to keep.

No file holds anything of the user's but pixels, and the pictures' names as text.
"""

from imgdiff.report.animation import to_gif as to_gif
from imgdiff.report.animation import to_webp as to_webp
from imgdiff.report.downloads import FILES as FILES
from imgdiff.report.downloads import TakeAway as TakeAway
from imgdiff.report.encoded import png_pieces as png_pieces
from imgdiff.report.encoded import to_jpeg as to_jpeg
from imgdiff.report.encoded import to_png as to_png
from imgdiff.report.encoded import to_zip as to_zip
from imgdiff.report.html import to_html as to_html
from imgdiff.report.numbers import region_rows as region_rows
from imgdiff.report.numbers import to_csv as to_csv
from imgdiff.report.numbers import to_dict as to_dict
from imgdiff.report.numbers import to_json as to_json

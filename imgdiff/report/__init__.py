"""A `View` as something to keep.

No file holds anything of the user's but pixels, and the pictures' names as text.
"""

"""The page that tells how alike pictures are."""

"""`redress bench`: how fast the product is, and how large."""

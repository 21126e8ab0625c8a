"""A result made again from its manifest, and what is not as it was."""

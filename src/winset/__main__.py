"""`python -m winset` is the command line."""

from winset.cli import main

main()

"""Shared words, no behaviour of any other room: errors, names, files, case-file reading, provenance."""

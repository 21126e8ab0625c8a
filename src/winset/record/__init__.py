"""The record: who said, offered, threatened or agreed what, when, and when it became known."""

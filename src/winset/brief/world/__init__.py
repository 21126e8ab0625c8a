"""The world as it is drawn: outlines of countries, and where a point of the globe falls on the page."""

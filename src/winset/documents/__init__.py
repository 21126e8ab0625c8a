"""Documents: what a case cites, and who published it when. Knows no claim and no package."""

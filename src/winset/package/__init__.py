"""What could be agreed: terms, packages, dated law, and the case that holds them together."""

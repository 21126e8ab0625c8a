"""Trade elasticities estimated from the user's own flows and tariffs."""

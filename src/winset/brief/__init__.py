"""Results to pages and pictures. Computes nothing: every number arrives as a Finding."""

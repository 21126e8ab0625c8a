"""Published papers recomputed from their data: one module a paper, its tables beside ours."""

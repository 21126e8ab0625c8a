"""Outside tables to baselines: the shipped worlds, folders of the user's, and the builders."""

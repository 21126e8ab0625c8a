"""Sweeps: draws x packages x grid points, on local processes or a Dask cluster, into Parquet tables.

`run.sweep` does one; `query` reads it. A sweep is cut into chunks whose content depends on the plan alone:
`plan` says which, `work` computes one on a worker, `engine` hands them out, `store` keeps them.
"""

"""The public Python API: joins loaders, compute and jobs.

What the browser can do, a notebook can do by calling this floor. `projecting` and `graphs` are
the calls; `session` is what the server holds open; `tasks` is what a job's process runs.
"""

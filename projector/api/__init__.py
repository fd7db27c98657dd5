"""The public Python API: joins loaders, compute and jobs.

What the browser can do, a notebook can do with these functions. `project`, `neighbors`,
`nearest`, `quality` and `watch` are the calls, each in the file with its name; `table` reads the
metadata; `session` is what a server keeps open; `worker_tasks` runs in the process of a job.
"""

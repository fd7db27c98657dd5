"""Projections and neighbors of data in parts, which no process holds whole.

The same code runs in one process and on a cluster: `tasks` has what is done with one part, and an
executor of `projector.jobs.executors` says where.
"""

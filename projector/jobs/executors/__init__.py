"""Where the tasks of one computation run: here, in processes of this machine, or on a cluster.

`protocol` has the five methods that all of them have; a task is a function of a module, so that
another process finds it by its name, and gets a `Watch` before its arguments.
"""

"""Long work in processes: submit, progress, frames, pause, cancel; and the cache of results.

A job is a named function that runs in a worker process, so that cancelling it, its running out
of memory or its crash cannot hurt the process that submitted it. Nothing here knows what an
embedding is.

::

    owner: a server or a notebook                worker process: one job after the other
    -----------------------------                ---------------------------------------
    Runner.submit()      any thread              main thread
      |                                            function(payload, progress)
      |  queue; at most n_workers long jobs          |               |
      |  run at once, quick jobs never wait          | result        | progress(report):
      v                                              | or error      | blocks while paused
    Runner._follow()     a thread a job              v               v
      |  Task ----------------- stdin --->  reader  Finished       Reporter
      |  Pause, Update, Trigger             thread   |               |   |
      |                                      |       |  Report,      |   | copies positions, at
      |                                      |       |  frame number |   | most 40 times a second
      |                                      v       |               |   |
      |                     payload["updates"],      |               |   |
      |                     payload["actions"]       |               |   |
      | <-------------------------------- stdout ----+---------------+   |
      v                                                                  v
    Job                                                            frame file: 3 slots,
      snapshot(), result(), next_frame() <------------------------ a file, read by position

    large arrays: unnamed files that both map, located in the payload (`shared.MappedArray`)
    standard error: what libraries print, and tracebacks of unexpected errors

States: queued -> running -> done, failed or cancelled (`job.TRANSITIONS`). To cancel is to kill
the process: at once, whatever it is doing. A process that finished its job waits for the next
one; one process for quick and one for long jobs is kept ready. When the owner ends, by whatever
cause, the workers' standard input closes and they exit.
"""

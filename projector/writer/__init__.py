"""What training code writes: `projector.Writer`, and callbacks of training libraries.

It imports neither the server nor what computes, and no library of training.
"""

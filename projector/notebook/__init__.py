"""The page in a notebook's cell: the server's application over the messages of the kernel."""

"""HTTP, and the only place where Flask appears: one blueprint a resource, one error handler.

The contract is docs/wire.md. A handler translates: it reads a request, calls the session, and
writes bytes; what it would have to compute belongs below.
"""

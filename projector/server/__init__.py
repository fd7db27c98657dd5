"""The HTTP server: one blueprint per resource, one error handler.

The only place where Flask appears. docs/wire.md specifies the interface. A handler reads a
request, calls the API and writes bytes; it computes nothing.
"""

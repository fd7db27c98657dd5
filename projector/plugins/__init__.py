"""Plug-ins: what installed packages add to projector, and the registries that hold it."""

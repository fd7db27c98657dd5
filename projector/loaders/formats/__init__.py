"""File formats, one folder a family, and the registry of their loaders."""

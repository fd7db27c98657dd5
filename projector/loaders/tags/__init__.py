"""Tags: labels that people give points, kept in a sidecar file."""

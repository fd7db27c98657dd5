"""Tags: labels that users give to points, stored in sidecar files."""

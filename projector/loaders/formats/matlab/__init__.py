"""MATLAB's files, of every version."""

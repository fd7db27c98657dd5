"""Decoders of the containers and encodings that formats use."""

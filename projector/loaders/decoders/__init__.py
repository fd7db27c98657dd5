"""Decoders of containers and encodings that several formats share."""

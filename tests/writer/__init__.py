"""Tests of what training code writes."""

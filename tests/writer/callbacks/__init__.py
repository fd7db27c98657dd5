"""Tests of the callbacks, with fakes of the libraries."""

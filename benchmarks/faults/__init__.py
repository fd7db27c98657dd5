"""The faults that projector is promised to survive, one file for each kind."""

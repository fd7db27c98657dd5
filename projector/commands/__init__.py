"""The commands of the command line that are not in `projector.cli`, and what all share."""

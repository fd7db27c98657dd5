"""One layout of a whole series: steps, runs or layers of the same points, laid out together."""

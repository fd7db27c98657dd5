"""Programs that are too large for every run of the tests: ``make test-integrations``."""

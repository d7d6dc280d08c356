"""Learning: the loop yields records and never prints; who listens draws bars, tables and curves."""

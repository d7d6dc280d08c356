"""Records made visible; values, nothing here prints."""

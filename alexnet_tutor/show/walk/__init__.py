"""``tutor walk``: a full-screen walk through a network, a finger on one value."""

"""The fast forms of what the layers compute; tests hold them equal to ``by_hand``."""

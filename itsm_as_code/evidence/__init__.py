"""Acts from outside, verified: signatures and forge reviews."""

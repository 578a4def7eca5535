"""The page's tabs: one module each, its layout and what it answers."""

"""How LeNet-5 was trained in 1998."""

"""What goes in: strokes, photos and MNIST, made into a network's input."""

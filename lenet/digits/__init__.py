"""What goes into a network: drawings, pictures and MNIST, made into its input."""

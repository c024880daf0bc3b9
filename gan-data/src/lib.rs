//! Real samples for adversarial training: moons, mixtures, MNIST, and your own points and images.

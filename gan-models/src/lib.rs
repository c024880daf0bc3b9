//! The zoo of generative adversarial networks: architectures and the numbers of their papers.

//! The adversarial game, generic over players, data and backend: losses, steps, learner, events, checkpoints.

//! CPU kernels for training GANs, as operations of Burn's Flex backend.

"""The cluster primitives: what they are lowered to does what an interpreter of their words does, state by state."""

"""Studies of a plant: what is asked of it beyond one solution."""

"""The reference page of every unit, made from its declarations, its code and its example."""

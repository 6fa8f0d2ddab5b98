"""Unit operations, one a file. Units never import one another."""

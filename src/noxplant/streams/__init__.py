"""Streams own their state; ports point at them."""

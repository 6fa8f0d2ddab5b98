"""The commands of `noxplant`, one a file.

Each module has `add(subparsers)`, which declares the command, and `execute(arguments)`, which does
it and returns the exit status. What is slow to load is imported where it is used.
"""

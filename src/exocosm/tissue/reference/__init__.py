"""The slow readable reference of each process: NumPy and plain loops, for the tests, for ever."""

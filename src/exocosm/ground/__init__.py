"""The ground all engines stand on: draws, ledger, clock, how kernels are compiled, errors."""

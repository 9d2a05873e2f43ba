"""`python -m exocosm` is the command `exocosm`."""

from exocosm.cli import main

if __name__ == "__main__":
    main()

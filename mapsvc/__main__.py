"""Lets `python -m mapsvc` do what the `mapsvc` command does."""

from mapsvc.cli import main

if __name__ == "__main__":
    main()

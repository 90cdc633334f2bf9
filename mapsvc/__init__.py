"""mapsvc: a member map service for networks of local governments."""

__version__ = "0.1.0"

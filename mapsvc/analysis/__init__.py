"""Pure functions: frames and frozen dataclasses in and out. No Flask, no Folium, no file, no clock, no network."""

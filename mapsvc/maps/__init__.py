"""The only folder that knows Folium (and the static pictures). Data never enters a Folium object: see `shell`."""

"""HTTP: parse at the edge, call what is below, answer with bytes. No analysis here, and no Folium."""

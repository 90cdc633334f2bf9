"""Whatever touches disk, a database or an untrusted file. No Flask, no Folium, no counting: that is for others."""

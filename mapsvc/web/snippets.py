"""Lines to copy that bring a view into other programs: each is executed by a test, where its program can be had."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Addresses:
    """The whole addresses of one view."""

    geojson: str
    csv: str
    gpkg: str
    parquet: str


def gdal(view: Addresses) -> str:
    """Return how GDAL looks at a view, and makes another file of it."""
    return f'ogrinfo -so -al "{view.geojson}"\nogr2ogr members.gpkg "{view.geojson}"'


def python(view: Addresses) -> str:
    """Return how GeoPandas reads a view."""
    return (
        "import geopandas\n"
        "\n"
        f'members = geopandas.read_file("{view.geojson}")\n'
        'print(members.groupby("country").size().sort_values(ascending=False))'
    )


def r(view: Addresses) -> str:
    """Return how R reads a view."""
    return (
        f'library(sf)\nmembers <- st_read("{view.geojson}")\nsort(table(members$country), decreasing = TRUE)'
    )


def leaflet(view: Addresses) -> str:
    """Return how a page with Leaflet shows a view; names are put into it as text, since they come from outside."""
    return (
        f'const response = await fetch("{view.geojson}");\n'
        "const members = await response.json();\n"
        "L.geoJSON(members, {\n"
        "  filter: (feature) => feature.geometry,\n"
        "  onEachFeature: (feature, layer) => {\n"
        '    const name = document.createElement("strong");\n'
        "    name.textContent = feature.properties.name;\n"
        "    layer.bindPopup(name);\n"
        "  },\n"
        "}).addTo(map);"
    )


def sheets(view: Addresses) -> str:
    """Return the formula by which an online spreadsheet reads a view."""
    return f'=IMPORTDATA("{view.csv}")'


def shell(query: str) -> str:
    """Return how mapsvc itself writes a view, without a server."""
    return f"mapsvc get '/members.gpkg{'?' if query else ''}{query}' -o members.gpkg"

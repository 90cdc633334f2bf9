"""Run by the Python of QGIS, which is not ours: what QGIS reads of an address, as one line of JSON."""

import json
import sys

from qgis.core import QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer


def read(layer: QgsVectorLayer, request: QgsFeatureRequest) -> dict[str, object]:
    """Return name and place by id."""
    if not layer.isValid():
        raise SystemExit(f"QGIS cannot read {layer.source()}: {layer.error().summary()}")
    found = {}
    for one in layer.getFeatures(request):
        point = None if one.geometry().isNull() else one.geometry().asPoint()
        found[one["id"]] = [one["name"], point and point.x(), point and point.y()]
    return found


def main() -> None:
    """Read the file by the OGR provider, and the collection by that of OGC API – Features."""
    application = QgsApplication([], False)
    application.initQgis()
    root, *boxes = sys.argv[1:]
    file = QgsVectorLayer(f"{root}/members.geojson", "members", "ogr")
    collection = QgsVectorLayer(f"url='{root}/api' typename='members'", "members", "OAPIF")
    said = {
        "file": read(file, QgsFeatureRequest()),
        "items": read(collection, QgsFeatureRequest()),
        "boxes": {
            id_: place
            for box in boxes
            for id_, place in read(
                collection, QgsFeatureRequest(QgsRectangle(*map(float, box.split(","))))
            ).items()
        },
        "where": read(
            collection,
            QgsFeatureRequest().setFilterExpression("\"country\" = 'JP' AND \"status\" = 'member'"),
        ),
        "crs": [file.crs().authid(), collection.crs().authid()],
    }
    sys.stdout.write(json.dumps(said) + "\n")
    del file, collection
    application.exitQgis()


if __name__ == "__main__":
    main()

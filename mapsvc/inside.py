"""Our own addresses asked from inside, through the application itself: no server, no port, no network."""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from mapsvc.errors import BadQuery, MapsvcError, NoInput, NotOffered, Unavailable
from mapsvc.model import Dataset
from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app

_FAILURES: dict[int, type[MapsvcError]] = {404: NoInput, 501: NotOffered, 503: Unavailable}


@dataclass(frozen=True)
class Fetched:
    """What an address answered; `filename` is what it would be saved as, empty where it does not say."""

    body: bytes
    media_type: str
    filename: str = ""


class Inside:
    """An application that is asked directly.

    Parameters
    ----------
    settings : Settings
        What the operator decided; by default, what is decided for nobody else.
    dataset : Dataset, optional
        The data; by default the folder that the settings name is loaded.
    """

    def __init__(self, settings: Settings | None = None, dataset: Dataset | None = None) -> None:
        app = create_app(settings or Settings(), Store(dataset) if dataset else None)
        self._client = app.test_client()

    def get(self, address: str) -> Fetched:
        """Return what an address answers.

        Parameters
        ----------
        address : str
            A path of ours with its query, such as ``/members.geojson?theme=water``.

        Raises
        ------
        BadQuery
            Where it is no path, or asks for something that cannot be understood.
        NoInput
            Where there is nothing.
        MapsvcError
            Where it cannot be answered for another reason.
        """
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not parts.path.startswith("/"):
            raise BadQuery(
                f"{address[:80]!r} is not a path of this service",
                parameter="address",
                allowed=("/members.geojson",),
            )
        # What a failure says is in a problem document, unless a page is asked for by name.
        response = self._client.get(address, headers={"Accept": "*/*"})
        if response.status_code >= 300:
            raise _failure(response.status_code, response.data, parts.path)
        saved = response.headers.get("Content-Disposition", "").partition('filename="')[2].rstrip('"')
        return Fetched(response.data, response.mimetype or "", saved)


def _failure(status: int, body: bytes, path: str) -> MapsvcError:
    try:
        problem = json.loads(body)
    except ValueError:
        problem = {}
    said = problem.get("detail") or problem.get("title") or f"answered {status}"
    if status == 400:
        return BadQuery(said, parameter=str(problem.get("parameter", "")))
    return _FAILURES.get(status, MapsvcError)(said, file=path)

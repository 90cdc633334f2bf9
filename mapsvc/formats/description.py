"""What a file says of itself: title, licence, source, citation, date, snapshot and the view that it holds."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Description:
    """The facts that travel with data, in the language of the file.

    Attributes
    ----------
    title : str
        Of what is in the file, such as ``Members · Water``.
    compiled : str
        The date of the data: YYYY, YYYY-MM or YYYY-MM-DD; empty where it is not known.
    snapshot : str
        The fingerprint of the data that it was made from.
    query : str
        The canonical query of the view; empty for everything.
    address : str
        Where the view is on the web; relative where the service does not know its public address.
    notes : tuple of str
        What must be said with it: how complete it is, whose boundaries and places are used.
    """

    title: str
    publisher: str
    homepage: str
    licence: str
    licence_url: str
    source: str
    compiled: str
    snapshot: str
    query: str
    address: str
    citation: str
    completeness: str
    notes: tuple[str, ...] = ()
    number_of_features: int = 0

    def pairs(self) -> list[tuple[str, str]]:
        """Return what is known as names and texts, for formats that carry such."""
        known = asdict(self)
        known["notes"] = "\n".join(self.notes)
        return [(name, str(value)) for name, value in known.items() if value != ""]

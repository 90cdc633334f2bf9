"""How to name the data in a paper: one sentence in the style of APA, BibTeX, and RIS for reference managers."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Work:
    """What is cited.

    `compiled` is YYYY, YYYY-MM or YYYY-MM-DD, or empty; `version` is the snapshot; `address` is empty where the public one is
    not known.
    """

    title: str
    publisher: str
    compiled: str
    version: str
    address: str

    @property
    def year(self) -> str:
        """The year of the data, or what stands for none."""
        return self.compiled[:4] or "n.d."


def apa(work: Work) -> str:
    """Return one sentence in the style of APA.

    Examples
    --------
    >>> apa(Work("Members", "Squares", "2026-01-02", "ab12", "https://example.org/"))
    'Squares. (2026). Members (as of 2026-01-02, snapshot ab12) [Data set]. https://example.org/'
    """
    stated = [f"as of {work.compiled}"] if work.compiled else []
    version = ", ".join([*stated, f"snapshot {work.version}"])
    return f"{work.publisher}. ({work.year}). {work.title} ({version}) [Data set]. {work.address}".strip()


def bibtex(work: Work) -> str:
    r"""Return an entry for BibTeX, in which what TeX would read as a command is text.

    Examples
    --------
    >>> print(bibtex(Work("50 % & more", "Squares", "2026", "ab12", "https://example.org/?a=1&b=2")))
    @misc{squares-2026-ab12,
      author = {{Squares}},
      title = {{50 \% \& more}},
      year = {2026},
      version = {ab12},
      howpublished = {Data set},
      url = {https://example.org/?a=1&b=2}
    }
    """
    key = re.sub(r"[^a-z0-9]+", "-", work.publisher.casefold()).strip("-")[:40] or "dataset"
    stated = {
        "author": f"{{{_tex(work.publisher)}}}",
        "title": f"{{{_tex(work.title)}}}",
        "year": work.year,
        "version": work.version,
        "howpublished": "Data set",
        "url": work.address,
    }
    fields = ",\n".join(f"  {name} = {{{text}}}" for name, text in stated.items() if text)
    return f"@misc{{{key}-{work.year.replace('.', '')}-{work.version},\n{fields}\n}}"


def ris(work: Work) -> str:
    """Return a record for reference managers.

    Examples
    --------
    >>> ris(Work("Members", "Squares", "2026-01-02", "ab12", "https://example.org/")).splitlines()[:3]
    ['TY  - DATA', 'AU  - Squares', 'TI  - Members']
    """
    day = [f"DA  - {work.compiled.replace('-', '/')}"] if work.compiled else []
    year = [f"PY  - {work.compiled[:4]}"] if work.compiled else []
    lines = ["TY  - DATA", f"AU  - {work.publisher}", f"TI  - {work.title}", *year, *day]
    lines += [f"ET  - {work.version}", *([f"UR  - {work.address}"] if work.address else []), "ER  - "]
    return "\n".join(lines)


def _tex(text: str) -> str:
    plain = re.sub(r"[\\{}]", " ", text)
    return re.sub(r"([&%$#_])", r"\\\1", plain)

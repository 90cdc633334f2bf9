"""Who may show an answer in a frame. Nobody, unless the route says otherwise; the headers are set in one place, `web.app`."""

from dataclasses import dataclass
from typing import cast

from flask import g, request

from mapsvc.sites import EVERYBODY, is_allowed
from mapsvc.web.http import service


@dataclass(frozen=True)
class Framing:
    """What an answer says of frames.

    Attributes
    ----------
    ancestors : str
        Who may show it, as ``frame-ancestors`` spells it.
    frames : str
        Whom it shows in frames itself, as ``frame-src`` spells it; empty for nobody.
    """

    ancestors: str = "'none'"
    frames: str = ""

    @property
    def may_be_framed(self) -> bool:
        """Whether there is anybody who may show it in a frame."""
        return self.ancestors != "'none'"


def framing() -> Framing:
    """Return what the current answer says of frames."""
    return cast("Framing", g.get("framing", Framing()))


def let_allowed_sites_frame() -> None:
    """Let the sites that the operator allows show the current answer; and ourselves, for the preview of the builder."""
    allowed = service().embed_allow
    sites = allowed if EVERYBODY in allowed else ("'self'", *allowed)
    g.framing = Framing(ancestors=" ".join(sites))


def let_everybody_frame() -> None:
    """Let everybody show the current answer: for a refusal, which holds nothing but a link."""
    g.framing = Framing(ancestors=EVERYBODY)


def show_our_own_frames() -> None:
    """Let the current page show our own pages in frames."""
    g.framing = Framing(frames="'self'")


def framing_site() -> str:
    """Return the site that shows the current answer in a frame, where the browser says so; empty otherwise.

    Only where it is sure: asked for as a frame, from another site, which is named. All else is left to
    ``frame-ancestors``, by which the browser looks at every ancestor.
    """
    headers = request.headers
    if headers.get("Sec-Fetch-Dest") not in {"iframe", "frame", "embed", "object"}:
        return ""
    if headers.get("Sec-Fetch-Site") not in {"cross-site", "same-site"}:
        return ""
    return headers.get("Referer", "")


def is_refused(site: str) -> bool:
    """Tell whether a site that asks for a frame, or for its code, is none of those that are allowed."""
    return bool(site) and not is_allowed(site, service().embed_allow)

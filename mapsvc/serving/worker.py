"""A worker of the server: the application from the environment, and its front on the port.

Nothing heavy is imported up here: it is imported where nothing is collected.
"""

import multiprocessing.util
import os
from collections.abc import Callable, Iterable

from mapsvc.settings import Settings
from mapsvc.starting import uncollected

# How a worker learns where its front is to listen, and before which socket file: ADDRESS PORT PATH.
FRONT = "_MAPSVC_FRONT"
_EXIT_PRIORITY = 100  # before what multiprocessing itself ends


def application() -> Callable[..., Iterable[bytes]]:
    """Build the application, and put its front on the port; called once in each worker."""
    with uncollected():
        from mapsvc.serving.front import Front  # noqa: PLC0415 – see above
        from mapsvc.sources.following import Follower  # noqa: PLC0415
        from mapsvc.web.app import create_app, data_folder  # noqa: PLC0415
        from mapsvc.web.prepared import PreparedAnswers  # noqa: PLC0415

        settings = Settings.from_env(os.environ)
        app = create_app(settings)
    answers = app.wsgi_app
    if not isinstance(answers, PreparedAnswers):
        raise TypeError("the application has nothing that its front could ask")
    address, port, backend = os.environ[FRONT].split(" ", 2)
    front = Front(answers, backend)
    front.listen(address, int(port))
    Follower(app.extensions["mapsvc"].store.running, data_folder(settings)).start()
    # Granian has answered what it had by then; what it answered may still be on its way through the front.
    multiprocessing.util.Finalize(None, front.close, exitpriority=_EXIT_PRIORITY)
    return answers

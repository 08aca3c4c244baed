"""What gunicorn runs: ``web.main:app``, made from the settings in the environment."""

import gc

from web.app import create_app
from workflow import logs
from workflow.engine import Engine
from workflow.settings import Settings
from workflow.store.store import open_store

settings = Settings()
logs.configure(settings)
engine = Engine(open_store(settings.database), queue_limit=settings.queue_limit, batch_limit=settings.batch_limit)
app = create_app(engine, settings)

# An order makes hundreds of objects and hardly a cycle: the collector took a third of the time at its own thresholds.
gc.freeze()
gc.set_threshold(100_000, 20, 50)

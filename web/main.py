"""What gunicorn runs: ``web.main:app``, made from the settings in the environment."""

from web.app import create_app
from workflow.engine import Engine
from workflow.settings import Settings
from workflow.store.store import open_store

settings = Settings()
engine = Engine(open_store(settings.database), queue_limit=settings.queue_limit, batch_limit=settings.batch_limit)
app = create_app(engine, settings)

"""Celery: a few permanent tasks that answer bells; the jobs themselves are rows of the database."""

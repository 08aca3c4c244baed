"""What a link to a page may say. Whatever else a link has been given on its way here is left alone."""

from pydantic import BaseModel, ConfigDict, Field


class PageQuery(BaseModel):
    model_config = ConfigDict(extra="ignore")

    station: str | None = Field(None, max_length=200, description="The station whose tickets are shown.")
    theme: str | None = Field(None, max_length=20, description="light or dark.")
    code: str | None = Field(None, max_length=200, description="Signs in once, from this machine only.")

"""Texts that the interface shows, in each of its languages."""

from typing_extensions import TypedDict


class Words(TypedDict):
    """One text in each language of the interface."""

    en: str
    hi: str

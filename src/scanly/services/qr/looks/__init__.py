"""Looks that are kept: saved designs, brand kits with their rules, and templates by trade. Knows no codes."""

from scanly.services.qr.looks.service import Looks

__all__ = ["Looks"]

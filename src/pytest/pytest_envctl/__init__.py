"""Gives each pytest process its own part of a shared, real test environment made by envctl."""

from .errors import EnvctlError
from .lease import Lease

__all__ = ["EnvctlError", "Lease"]

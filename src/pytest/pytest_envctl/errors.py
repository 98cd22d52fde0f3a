"""What a user is told."""


class EnvctlError(Exception):
    """Says what is wrong, where, and what to do next."""

"""What can go wrong with form files."""


class FormError(Exception):
    """A form file that cannot be used; the message names the file and the place in it."""

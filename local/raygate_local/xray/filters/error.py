"""What is wrong with a filter expression, and where."""


class FilterError(ValueError):
    """The expression cannot be read: what was expected, and at which column, counted from 0."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.column = column

    def __str__(self) -> str:
        return f"{self.message} (column {self.column + 1})"

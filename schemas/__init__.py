"""The content types: pydantic models, and the field types that they are made of."""

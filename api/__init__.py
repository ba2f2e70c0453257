"""Keypoint: a folder of Markdown and YAML becomes a JSON API."""

__version__ = "0.1.0"

"""`python -m api` is the command `keypoint`."""

from api.cli import main

main()

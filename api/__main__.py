"""`python -m api` is the command `keypoint`."""

from api.cli.main import main

main()

"""``python -m alexnet_tutor``."""

from alexnet_tutor.cli.app import main

if __name__ == "__main__":
    main()

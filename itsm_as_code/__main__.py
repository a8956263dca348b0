"""`python -m itsm_as_code` is `itsm`."""

from itsm_as_code.cli.main import main

if __name__ == "__main__":
    main()

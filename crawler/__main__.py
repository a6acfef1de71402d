"""`python -m crawler`: the same as `yiwen`."""

from crawler.cli import main

if __name__ == "__main__":
    main()

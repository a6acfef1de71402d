"""`yiwen`, also as `python -m crawler`. Each worker of a crawl imports its main module anew: little is in this one."""


def main() -> None:
    """Run the command."""
    from crawler import cli

    cli.main()


if __name__ == "__main__":
    main()

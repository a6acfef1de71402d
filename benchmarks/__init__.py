"""Speed and memory of the crawl and of the reader, as ratios measured in one run: `make bench`."""

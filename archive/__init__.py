"""The archive: it keeps versioned articles and answers questions about them. No Scrapy, no HTML, no network."""

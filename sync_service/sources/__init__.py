"""Where townships' workbooks come from, and reading them without trusting them."""

"""The people who use the site, a kind a module."""

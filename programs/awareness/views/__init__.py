"""The school's pages and the center's pages."""

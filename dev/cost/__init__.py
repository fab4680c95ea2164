"""The monthly cost of the application."""

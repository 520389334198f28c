"""Screen parts shared by pages."""

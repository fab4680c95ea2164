"""The page of media in a browser, and pictures to upload."""

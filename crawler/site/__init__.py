"""Sites: what a site file says, as frozen values, and how such files are loaded, strictly."""

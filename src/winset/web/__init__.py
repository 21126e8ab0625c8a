"""The local web page: a server on this machine, a page that works without any other."""

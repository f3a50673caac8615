"""The viewer: a web page for what the local X-Ray holds."""

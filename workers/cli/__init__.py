"""The command `brushfire`: one file a group of commands."""

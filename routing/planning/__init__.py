"""From a signal to a brief: matching, copy, drafts and money."""

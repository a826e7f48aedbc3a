"""The intake: feeds in, signals out.

`feeds` finds the feed files, chooses the reader of each by its first character and sends the signals. Each format has a
reader of its own (`google_trends`, `json_lines`). `entries` holds what readers share. To add a format, write a
`entries.FeedReader` in a module of its own and list it in `feeds.READERS`.
"""

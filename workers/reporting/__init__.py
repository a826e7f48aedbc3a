"""What a user sees of a run: the read model, the report, the contact sheet, the terminal, the exported folder.

Events go into the read model (`run_tables`, `run_view`, `details`). `report` renders it with
`templates/report.html.j2`, `terminal` and `tables` print it, `export` writes the folder. What a brief carries, the
templates can show: `brief` there is a `schemas.briefs.Brief`.
"""

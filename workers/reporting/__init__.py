"""What one sees of a run: the read model, the report, the contact sheet, the terminal, the exported folder."""

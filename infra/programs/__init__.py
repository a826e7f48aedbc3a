"""Programs of this machine that run as processes of their own: Tesseract and the SVG renderer."""

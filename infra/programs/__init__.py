"""What this machine has beside Python packages: Tesseract, the SVG renderer's process, a user's own CLIP."""

"""What a refine job needs beyond its message: the regions of the image it starts from, and the mask of an edit."""

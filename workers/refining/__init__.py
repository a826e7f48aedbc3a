"""What a refine job needs besides its message: the regions of the image it starts from, and the mask of an edit."""

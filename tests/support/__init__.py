"""What several tests share: factories of valid events, and a whole run made of them."""

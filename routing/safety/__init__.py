"""Brand safety: may a brand answer this signal?"""

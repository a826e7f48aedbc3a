"""May a brand answer this signal?"""

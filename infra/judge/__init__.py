"""The judge: a language model that reviews held signals and may clear them. It never clears what is blocked.

What the judge reads is untrusted. So it gets the signal's words as quoted data, cut and cleaned, and its answer counts
only in one exact form (`conversation`). Any other answer, and any failure, leaves the signal held (`language_model`).
"""

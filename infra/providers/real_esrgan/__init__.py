"""Real-ESRGAN: a small neural network that enlarges images on this machine (the optional extra `neural`).

`models` and `limits` are data and load nothing heavy; `provider` and `upscaler` load OpenCV.
"""

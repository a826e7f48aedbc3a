"""The colours of a scene: its scheme, and inks chosen by what is behind them."""

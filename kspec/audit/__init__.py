"""The same model with one fault more: how a component does behind its watches, and when it crashes."""

"""Translation of expressions into nested Python closures over frames: done once, run for every state."""

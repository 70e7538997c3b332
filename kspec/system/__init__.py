"""The system: what every engine works on (sorts, state variables, expressions, transitions, properties)."""

"""Processes: bodies that stop at yields and go on later, as a program counter and locals in the state."""

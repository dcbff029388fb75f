"""Trials: what is killed, damaged, raced for or flooded, and what must hold all the same."""

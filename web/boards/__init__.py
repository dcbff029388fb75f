"""Boards of the whole release: releases in lanes, a poster of a country, benchmarks; charts for other sites."""

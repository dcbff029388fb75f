"""The most memory a program has held is its own, not that of the program that started it."""

import subprocess
import sys

from kg.sparql._memory import peak_memory

CHILD = "from kg.sparql.memory import peak_memory; print(peak_memory())"


def test_a_small_child_of_a_large_program_is_small() -> None:
    large = bytearray(300 << 20)
    done = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=True)
    assert peak_memory() > len(large) >> 20 > float(done.stdout)

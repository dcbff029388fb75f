"""What the whole release holds over time, maker by maker and benchmark by benchmark."""

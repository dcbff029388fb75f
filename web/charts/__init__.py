"""Drawing: no request, no snapshot."""

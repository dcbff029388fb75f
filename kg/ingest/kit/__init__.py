"""What readers of sources share."""

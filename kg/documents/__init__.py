"""Documents that laws and guides ask for, drafted from the graph."""

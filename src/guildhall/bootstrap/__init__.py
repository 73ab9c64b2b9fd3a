"""The only place that knows everybody: wires each room's ports to adapters. One module per room it builds."""

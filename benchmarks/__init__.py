"""What the gateway costs, as ratios against nginx and a direct call in the same run: `make bench`."""

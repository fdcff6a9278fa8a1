"""What each method takes by name; whatever is left out is not sent. Generated; do not edit."""

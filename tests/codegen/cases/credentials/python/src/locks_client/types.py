"""What goes over the wire: plain dicts, typed. Generated; do not edit."""

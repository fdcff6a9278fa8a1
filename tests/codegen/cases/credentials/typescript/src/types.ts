/** What goes over the wire: plain objects, typed. Generated; do not edit. */

export {};

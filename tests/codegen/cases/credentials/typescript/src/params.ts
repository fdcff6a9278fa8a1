/** What each method takes; whatever is left out is not sent. Generated; do not edit. */

export {};

/** What goes over the wire: plain objects, typed. Generated; do not edit. */

/** Anything that JSON can say. */
export type Json = string | number | Json[] | { [key: string]: Json };

export interface Odd {
  "odd-one"?: Odd | null;
  node?: Node;
  [key: string]: unknown;
}

export interface Node {
  name: string;
  children?: Node[];
  odd?: Odd | null;
  value?: Json | boolean | null;
  [key: string]: unknown;
}

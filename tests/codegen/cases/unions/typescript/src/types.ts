/** What goes over the wire: plain objects, typed. Generated; do not edit. */

export interface Thing {
  kind: string;
  kilos?: number | null;
  [key: string]: unknown;
}

export type Barrel = Thing;

/** A box. */
export interface Crate {
  kind: string;
  kilos?: number | null;
  sides: number[];
  [key: string]: unknown;
}

export type Grade = 1 | 2;

export type Later = "tomorrow" | 'it\'s "later"' | null;

export interface LoadInnerDeep {
  deeper?: boolean;
  [key: string]: unknown;
}

export interface LoadInner {
  deep?: LoadInnerDeep;
  [key: string]: unknown;
}

export interface LoadSilence {
  [key: string]: unknown;
}

/** An object of which nothing is known. */
export interface Nothing {
  [key: string]: unknown;
}

export interface Load {
  what: Crate | string | (string | Barrel)[] | null;
  grade: Grade;
  later?: Later;
  labels?: { [key: string]: string | null };
  free?: unknown;
  sizes?: unknown;
  maybe?: "yes it is" | null;
  nothing?: Nothing;
  silence?: LoadSilence;
  inner?: LoadInner | null;
  a_property_with_a_long_name?: (
    | "one_rather_long_value"
    | "another_rather_long_value"
    | "a_third_rather_long_value"
    | "the_last_one"
  )[];
  another_property_with_a_long_name?: { [key: string]: Crate }[] | { [key: string]: Barrel[] } | Grade;
  [key: string]: unknown;
}

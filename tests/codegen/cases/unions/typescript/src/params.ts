/** What each method takes; whatever is left out is not sent. Generated; do not edit. */

import type * as types from "./types.ts";

/** What `loadCargo` takes. */
export interface LoadCargoParams {
  what: types.Crate | string | (string | types.Barrel)[] | null;
  grade: types.Grade;
  later?: types.Later | undefined;
  labels?: { [key: string]: string | null } | undefined;
  free?: unknown | undefined;
  sizes?: unknown | undefined;
  maybe?: "yes it is" | null | undefined;
  nothing?: types.Nothing | undefined;
  silence?: types.LoadSilence | undefined;
  inner?: types.LoadInner | null | undefined;
  a_property_with_a_long_name?:
    | ("one_rather_long_value" | "another_rather_long_value" | "a_third_rather_long_value" | "the_last_one")[]
    | undefined;
  another_property_with_a_long_name?:
    | { [key: string]: types.Crate }[]
    | { [key: string]: types.Barrel[] }
    | types.Grade
    | undefined;
}

/** What each method takes; whatever is left out is not sent. Generated; do not edit. */

import type * as types from "./types.ts";

/** What `plantTree` takes. */
export interface PlantTreeParams {
  name: string;
  children?: types.Node[] | undefined;
  odd?: types.Odd | null | undefined;
  value?: types.Json | boolean | null | undefined;
}

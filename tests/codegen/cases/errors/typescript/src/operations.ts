/** The operations, as the transport knows them. Generated; do not edit. */

import type { Operation } from "./runtime/operations.ts";

export const GET_WEATHER: Operation = {
  name: "getWeather",
  method: "GET",
  path: "/weather",
};

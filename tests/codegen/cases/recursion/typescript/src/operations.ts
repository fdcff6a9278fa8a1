/** The operations, as the transport knows them. Generated; do not edit. */

import type { Operation } from "./runtime/operations.ts";

export const PLANT_TREE: Operation = {
  name: "plantTree",
  method: "POST",
  path: "/trees",
  arguments: [
    { name: "name", place: "body", wire: "name", required: true },
    { name: "children", place: "body", wire: "children" },
    { name: "odd", place: "body", wire: "odd" },
    { name: "value", place: "body", wire: "value" },
  ],
  body: "application/json",
  bodyRequired: true,
};

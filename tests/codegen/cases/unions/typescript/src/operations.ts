/** The operations, as the transport knows them. Generated; do not edit. */

import type { Operation } from "./runtime/operations.ts";

export const LOAD_CARGO: Operation = {
  name: "loadCargo",
  method: "POST",
  path: "/cargo",
  arguments: [
    { name: "what", place: "body", wire: "what", required: true },
    { name: "grade", place: "body", wire: "grade", required: true },
    { name: "later", place: "body", wire: "later" },
    { name: "labels", place: "body", wire: "labels" },
    { name: "free", place: "body", wire: "free" },
    { name: "sizes", place: "body", wire: "sizes" },
    { name: "maybe", place: "body", wire: "maybe" },
    { name: "nothing", place: "body", wire: "nothing" },
    { name: "silence", place: "body", wire: "silence" },
    { name: "inner", place: "body", wire: "inner" },
    { name: "a_property_with_a_long_name", place: "body", wire: "a_property_with_a_long_name" },
    { name: "another_property_with_a_long_name", place: "body", wire: "another_property_with_a_long_name" },
  ],
  body: "application/json",
  bodyRequired: true,
};

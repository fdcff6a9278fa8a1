/** The operations, as the transport knows them. Generated; do not edit. */

import type { Operation } from "./runtime/operations.ts";

export const TALK: Operation = {
  name: "talk",
  method: "POST",
  path: "/talk",
  arguments: [
    { name: "text", place: "body", wire: "text", required: true },
    { name: "stream", place: "body", wire: "stream" },
  ],
  body: "application/json",
  bodyRequired: true,
  switch: "stream",
  end: "[DONE]",
};

export const WATCH: Operation = {
  name: "watch",
  method: "GET",
  path: "/watch/{mast}",
  arguments: [{ name: "mast", place: "path", wire: "mast", required: true }],
};

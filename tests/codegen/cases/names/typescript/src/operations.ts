/** The operations, as the transport knows them. Generated; do not edit. */

import type { Operation } from "./runtime/operations.ts";

export const GET_PING: Operation = {
  name: "getPing",
  method: "GET",
  path: "/api/v2/ping",
};

export const MOVE_SHIP: Operation = {
  name: "moveShip",
  method: "POST",
  path: "/api/v2/ships/{ship-id}/{class}",
  arguments: [
    { name: "ship-id", place: "path", wire: "ship-id", required: true },
    { name: "class", place: "path", wire: "class", required: true },
    { name: "from", place: "query", wire: "from", required: true },
    { name: "sailPlan", place: "query", wire: "sailPlan" },
    { name: "ids", place: "query", wire: "ids", joined: true },
    { name: "timeout", place: "query", wire: "timeout" },
    { name: "X-Tide-At", place: "header", wire: "X-Tide-At" },
    { name: "2nd", place: "query", wire: "2nd" },
    { name: "body_class", place: "body", wire: "class", required: true },
    { name: "body_from", place: "body", wire: "from" },
    { name: "maxSpeed", place: "body", wire: "maxSpeed" },
    { name: "self", place: "body", wire: "self" },
  ],
  body: "application/json",
  bodyRequired: true,
};

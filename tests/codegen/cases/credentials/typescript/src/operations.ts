/** The operations, as the transport knows them. Generated; do not edit. */

import type { Operation } from "./runtime/operations.ts";

export const BY_BASIC: Operation = {
  name: "byBasic",
  method: "GET",
  path: "/basic",
  security: ["basic"],
};

export const BY_BEARER: Operation = {
  name: "byBearer",
  method: "GET",
  path: "/bearer",
  security: ["bearer"],
};

export const BY_COOKIE: Operation = {
  name: "byCookie",
  method: "GET",
  path: "/cookie",
  security: ["inCookie"],
};

export const BY_EITHER: Operation = {
  name: "byEither",
  method: "GET",
  path: "/either",
  security: ["unused", "bearer"],
};

export const BY_HEADER: Operation = {
  name: "byHeader",
  method: "GET",
  path: "/header",
  security: ["inHeader", "bearer"],
};

export const BY_OAUTH: Operation = {
  name: "byOauth",
  method: "GET",
  path: "/oauth",
  security: ["oauth"],
};

export const BY_QUERY: Operation = {
  name: "byQuery",
  method: "GET",
  path: "/query",
  security: ["inQuery"],
};

export const OPEN_TO_ALL: Operation = {
  name: "openToAll",
  method: "GET",
  path: "/open",
};

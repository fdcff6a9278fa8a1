/** The operations, as the transport knows them. Generated; do not edit. */

import type { Operation } from "./runtime/operations.ts";

export const POST_BYTES: Operation = {
  name: "postBytes",
  method: "POST",
  path: "/bytes",
  arguments: [{ name: "body", place: "content", wire: "", required: true }],
  body: "application/octet-stream",
  bodyRequired: true,
};

export const POST_FORM: Operation = {
  name: "postForm",
  method: "POST",
  path: "/form",
  arguments: [
    { name: "to", place: "body", wire: "to", required: true },
    { name: "tags", place: "body", wire: "tags" },
  ],
  body: "application/x-www-form-urlencoded",
  bodyRequired: true,
};

export const POST_LIST: Operation = {
  name: "postList",
  method: "POST",
  path: "/list",
  arguments: [{ name: "body", place: "content", wire: "", required: true }],
  body: "application/json",
  bodyRequired: true,
};

export const POST_TEXT: Operation = {
  name: "postText",
  method: "POST",
  path: "/text",
  arguments: [{ name: "body", place: "content", wire: "", required: true }],
  body: "text/plain",
  bodyRequired: true,
};

export const POST_UPLOAD: Operation = {
  name: "postUpload",
  method: "POST",
  path: "/upload",
  arguments: [
    { name: "file", place: "body", wire: "file", required: true },
    { name: "more", place: "body", wire: "more" },
    { name: "title", place: "body", wire: "title" },
  ],
  body: "multipart/form-data",
  bodyRequired: true,
};

export const PUT_JSON: Operation = {
  name: "putJson",
  method: "PUT",
  path: "/json",
  arguments: [
    { name: "name", place: "body", wire: "name" },
    { name: "note", place: "body", wire: "note" },
  ],
  body: "application/json",
};

/** What each method takes; whatever is left out is not sent. Generated; do not edit. */

import type { FileContent } from "./runtime/operations.ts";

/** What `postBytes` takes. */
export interface PostBytesParams {
  body: Uint8Array;
}

/** What `postForm` takes. */
export interface PostFormParams {
  to: string;
  tags?: string[] | undefined;
}

/** What `postList` takes. */
export interface PostListParams {
  body: number[];
}

/** What `postText` takes. */
export interface PostTextParams {
  body: string;
}

/** What `postUpload` takes. */
export interface PostUploadParams {
  file: FileContent;
  more?: FileContent[] | undefined;
  title?: string | undefined;
}

/** What `putJson` takes. */
export interface PutJsonParams {
  name?: string | undefined;
  note?: string | null | undefined;
}

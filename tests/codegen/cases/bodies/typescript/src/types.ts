/** What goes over the wire: plain objects, typed. Generated; do not edit. */

export interface PostFormRequest {
  to: string;
  tags?: string[];
  [key: string]: unknown;
}

export interface PostFormResponse {
  id?: string;
  [key: string]: unknown;
}

export interface PostUploadRequest {
  file: Uint8Array;
  more?: Uint8Array[];
  title?: string;
  [key: string]: unknown;
}

export interface PutJsonRequest {
  name: string;
  note?: string | null;
  [key: string]: unknown;
}

/** What goes over the wire: plain objects, typed. Generated; do not edit. */

export interface TalkRequest {
  text: string;
  stream?: boolean;
  [key: string]: unknown;
}

export interface TalkResponse {
  answer?: string;
  [key: string]: unknown;
}

export interface Word {
  word: string;
  [key: string]: unknown;
}

/** What each method takes; whatever is left out is not sent. Generated; do not edit. */

/** What `talk` takes. */
export interface TalkParams {
  text: string;
}

/** What `watch` takes. */
export interface WatchParams {
  mast: number;
}

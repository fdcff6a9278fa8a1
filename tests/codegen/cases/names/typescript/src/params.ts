/** What each method takes; whatever is left out is not sent. Generated; do not edit. */

/** What `moveShip` takes. */
export interface MoveShipParams {
  /** The ship. */
  "ship-id": string;
  class: string;
  from: string;
  sailPlan?: string[] | undefined;
  ids?: number[] | undefined;
  /** An option has this name too. */
  timeout?: number | undefined;
  "X-Tide-At"?: string | undefined;
  "2nd"?: boolean | undefined;
  /** Says "frigate" or \ something else. */
  body_class: string;
  /** The parameter has this name too. */
  body_from?: string | undefined;
  maxSpeed?: number | undefined;
  self?: string | undefined;
}

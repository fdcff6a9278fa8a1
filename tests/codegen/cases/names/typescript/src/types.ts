/** What goes over the wire: plain objects, typed. Generated; do not edit. */

export interface MoveShipRequest {
  /** Says "frigate" or \ something else. */
  class: string;
  /** The parameter has this name too. */
  from?: string;
  maxSpeed?: number;
  self?: string;
  [key: string]: unknown;
}

export interface ShipReport {
  "ship-id"?: string;
  class?: string;
  None?: number;
  [key: string]: unknown;
}

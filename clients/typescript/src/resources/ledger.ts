/** What was paid for. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Page } from "../runtime/pages.ts";
import type { Transport } from "../runtime/transport.ts";

/** What was paid for. */
export class Ledger {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): LedgerWithRawResponse {
    return new LedgerWithRawResponse(this.#transport);
  }

  /**
   * Read the books in a few numbers. The head of the hash chain, how many entries there are of each kind, and their
   * sums, all of one moment. What is still on its way to the store is waited for. `tollhouse ledger audit` computes the
   * same from the entries alone.
   *
   * `get_ledger_proof`: `GET /admin/api/ledger/proof`
   */
  getLedgerProof(options: CallOptions = {}): Promise<types.LedgerProof> {
    return this.#transport.call<types.LedgerProof>(operations.GET_LEDGER_PROOF, {}, options);
  }

  /**
   * Reconcile the ledger. Requests that a provider may have answered, and may bill, and that nobody paid for, the
   * newest first; and whether what the process has in memory is what its store says, compared as of one moment.
   *
   * `get_ledger_reconciliation`: `GET /admin/api/ledger/reconciliation`
   */
  getLedgerReconciliation(
    given: params.GetLedgerReconciliationParams = {},
    options: CallOptions = {},
  ): Promise<Page<types.UnpaidRow, types.LedgerReconciliation>> {
    return this.#transport.page<types.UnpaidRow, types.LedgerReconciliation>(
      operations.GET_LEDGER_RECONCILIATION,
      given,
      options,
    );
  }

  /**
   * List the ledger. One row for each request that took a hold, the newest first. What is still on its way to the store
   * is waited for.
   *
   * `list_ledger_rows`: `GET /admin/api/ledger`
   */
  listLedgerRows(
    given: params.ListLedgerRowsParams = {},
    options: CallOptions = {},
  ): Promise<Page<types.LedgerRow, types.LedgerPage>> {
    return this.#transport.page<types.LedgerRow, types.LedgerPage>(operations.LIST_LEDGER_ROWS, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class LedgerWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Read the books in a few numbers. The head of the hash chain, how many entries there are of each kind, and their
   * sums, all of one moment. What is still on its way to the store is waited for. `tollhouse ledger audit` computes the
   * same from the entries alone.
   *
   * `get_ledger_proof`: `GET /admin/api/ledger/proof`
   */
  getLedgerProof(options: CallOptions = {}): Promise<RawResponse<types.LedgerProof>> {
    return this.#transport.callRaw<types.LedgerProof>(operations.GET_LEDGER_PROOF, {}, options);
  }

  /**
   * Reconcile the ledger. Requests that a provider may have answered, and may bill, and that nobody paid for, the
   * newest first; and whether what the process has in memory is what its store says, compared as of one moment.
   *
   * `get_ledger_reconciliation`: `GET /admin/api/ledger/reconciliation`
   */
  getLedgerReconciliation(
    given: params.GetLedgerReconciliationParams = {},
    options: CallOptions = {},
  ): Promise<RawResponse<Page<types.UnpaidRow, types.LedgerReconciliation>>> {
    return this.#transport.pageRaw<types.UnpaidRow, types.LedgerReconciliation>(
      operations.GET_LEDGER_RECONCILIATION,
      given,
      options,
    );
  }

  /**
   * List the ledger. One row for each request that took a hold, the newest first. What is still on its way to the store
   * is waited for.
   *
   * `list_ledger_rows`: `GET /admin/api/ledger`
   */
  listLedgerRows(
    given: params.ListLedgerRowsParams = {},
    options: CallOptions = {},
  ): Promise<RawResponse<Page<types.LedgerRow, types.LedgerPage>>> {
    return this.#transport.pageRaw<types.LedgerRow, types.LedgerPage>(operations.LIST_LEDGER_ROWS, given, options);
  }
}

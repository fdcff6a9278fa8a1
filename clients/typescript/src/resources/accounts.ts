/** Who pays. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** Who pays. */
export class Accounts {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): AccountsWithRawResponse {
    return new AccountsWithRawResponse(this.#transport);
  }

  /**
   * Adjust an account. Corrects the balance up or down, once per reference: the same reference and amount again change
   * nothing and answer the same. It takes no more than is available, so running calls keep what they hold.
   *
   * `adjust_account`: `POST /admin/api/accounts/{account}/adjustments`
   */
  adjustAccount(given: params.AdjustAccountParams, options: CallOptions = {}): Promise<types.Account> {
    return this.#transport.call<types.Account>(operations.ADJUST_ACCOUNT, given, options);
  }

  /**
   * Create an account. A new account, with a balance to begin with if you give one.
   *
   * `create_account`: `POST /admin/api/accounts`
   */
  createAccount(given: params.CreateAccountParams, options: CallOptions = {}): Promise<types.Account> {
    return this.#transport.call<types.Account>(operations.CREATE_ACCOUNT, given, options);
  }

  /**
   * Create a sign-in link. A link with which the account's holder signs in once, within 15 minutes, without a wallet.
   *
   * `create_sign_in_link`: `POST /admin/api/accounts/{account}/sign-in-links`
   */
  createSignInLink(given: params.CreateSignInLinkParams, options: CallOptions = {}): Promise<types.SignInLink> {
    return this.#transport.call<types.SignInLink>(operations.CREATE_SIGN_IN_LINK, given, options);
  }

  /**
   * Credit an account. Adds to the balance, once per reference: the same reference and amount again change nothing and
   * answer the same.
   *
   * `credit_account`: `POST /admin/api/accounts/{account}/credits`
   */
  creditAccount(given: params.CreditAccountParams, options: CallOptions = {}): Promise<types.Account> {
    return this.#transport.call<types.Account>(operations.CREDIT_ACCOUNT, given, options);
  }

  /**
   * Get an account. One account, with its balance as of now.
   *
   * `get_account`: `GET /admin/api/accounts/{account}`
   */
  getAccount(given: params.GetAccountParams, options: CallOptions = {}): Promise<types.Account> {
    return this.#transport.call<types.Account>(operations.GET_ACCOUNT, given, options);
  }

  /**
   * List the accounts. Every account, the oldest first.
   *
   * `list_accounts`: `GET /admin/api/accounts`
   */
  listAccounts(options: CallOptions = {}): Promise<types.AccountList> {
    return this.#transport.call<types.AccountList>(operations.LIST_ACCOUNTS, {}, options);
  }

  /**
   * Change an account. Renames, suspends or resumes the account, and sets its multiplier and its budgets. The keys of a
   * suspended account are refused at once. A budget covers a calendar day or month in UTC; a request counts in the one
   * in which it began, with its hold while it runs. Requests that run already are not touched: they finish, and are
   * charged at the multiplier at which they began.
   *
   * `update_account`: `PATCH /admin/api/accounts/{account}`
   */
  updateAccount(given: params.UpdateAccountParams, options: CallOptions = {}): Promise<types.Account> {
    return this.#transport.call<types.Account>(operations.UPDATE_ACCOUNT, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class AccountsWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Adjust an account. Corrects the balance up or down, once per reference: the same reference and amount again change
   * nothing and answer the same. It takes no more than is available, so running calls keep what they hold.
   *
   * `adjust_account`: `POST /admin/api/accounts/{account}/adjustments`
   */
  adjustAccount(given: params.AdjustAccountParams, options: CallOptions = {}): Promise<RawResponse<types.Account>> {
    return this.#transport.callRaw<types.Account>(operations.ADJUST_ACCOUNT, given, options);
  }

  /**
   * Create an account. A new account, with a balance to begin with if you give one.
   *
   * `create_account`: `POST /admin/api/accounts`
   */
  createAccount(given: params.CreateAccountParams, options: CallOptions = {}): Promise<RawResponse<types.Account>> {
    return this.#transport.callRaw<types.Account>(operations.CREATE_ACCOUNT, given, options);
  }

  /**
   * Create a sign-in link. A link with which the account's holder signs in once, within 15 minutes, without a wallet.
   *
   * `create_sign_in_link`: `POST /admin/api/accounts/{account}/sign-in-links`
   */
  createSignInLink(
    given: params.CreateSignInLinkParams,
    options: CallOptions = {},
  ): Promise<RawResponse<types.SignInLink>> {
    return this.#transport.callRaw<types.SignInLink>(operations.CREATE_SIGN_IN_LINK, given, options);
  }

  /**
   * Credit an account. Adds to the balance, once per reference: the same reference and amount again change nothing and
   * answer the same.
   *
   * `credit_account`: `POST /admin/api/accounts/{account}/credits`
   */
  creditAccount(given: params.CreditAccountParams, options: CallOptions = {}): Promise<RawResponse<types.Account>> {
    return this.#transport.callRaw<types.Account>(operations.CREDIT_ACCOUNT, given, options);
  }

  /**
   * Get an account. One account, with its balance as of now.
   *
   * `get_account`: `GET /admin/api/accounts/{account}`
   */
  getAccount(given: params.GetAccountParams, options: CallOptions = {}): Promise<RawResponse<types.Account>> {
    return this.#transport.callRaw<types.Account>(operations.GET_ACCOUNT, given, options);
  }

  /**
   * List the accounts. Every account, the oldest first.
   *
   * `list_accounts`: `GET /admin/api/accounts`
   */
  listAccounts(options: CallOptions = {}): Promise<RawResponse<types.AccountList>> {
    return this.#transport.callRaw<types.AccountList>(operations.LIST_ACCOUNTS, {}, options);
  }

  /**
   * Change an account. Renames, suspends or resumes the account, and sets its multiplier and its budgets. The keys of a
   * suspended account are refused at once. A budget covers a calendar day or month in UTC; a request counts in the one
   * in which it began, with its hold while it runs. Requests that run already are not touched: they finish, and are
   * charged at the multiplier at which they began.
   *
   * `update_account`: `PATCH /admin/api/accounts/{account}`
   */
  updateAccount(given: params.UpdateAccountParams, options: CallOptions = {}): Promise<RawResponse<types.Account>> {
    return this.#transport.callRaw<types.Account>(operations.UPDATE_ACCOUNT, given, options);
  }
}

/** Signing in and out. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** Signing in and out. */
export class Auth {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): AuthWithRawResponse {
    return new AuthWithRawResponse(this.#transport);
  }

  /**
   * Sign in with a wallet. Takes the wallet's signature of its challenge and begins a session. The first time makes an
   * account. A signature is good for one sign-in.
   *
   * `connect_wallet`: `POST /api/auth/connect`
   */
  connectWallet(given: params.ConnectWalletParams, options: CallOptions = {}): Promise<types.SignedIn> {
    return this.#transport.call<types.SignedIn>(operations.CONNECT_WALLET, given, options);
  }

  /**
   * Get what a wallet has to sign. The EIP-4361 message of this wallet for the next minutes. It follows from the
   * address, the chain and the time, so asking again changes nothing.
   *
   * `get_sign_in_challenge`: `GET /api/auth/nonce`
   */
  getSignInChallenge(
    given: params.GetSignInChallengeParams,
    options: CallOptions = {},
  ): Promise<types.SignInChallenge> {
    return this.#transport.call<types.SignInChallenge>(operations.GET_SIGN_IN_CHALLENGE, given, options);
  }

  /**
   * End this session. The token of this call is refused from now on.
   *
   * `log_out`: `POST /api/auth/logout`
   */
  logOut(options: CallOptions = {}): Promise<types.Success> {
    return this.#transport.call<types.Success>(operations.LOG_OUT, {}, options);
  }

  /**
   * End every session of the account. Every token that the account got so far is refused from now on. API keys are not
   * touched.
   *
   * `log_out_everywhere`: `POST /api/auth/logout-everywhere`
   */
  logOutEverywhere(options: CallOptions = {}): Promise<types.Success> {
    return this.#transport.call<types.Success>(operations.LOG_OUT_EVERYWHERE, {}, options);
  }

  /**
   * Sign in with a link. Takes the token of a sign-in link that an administrator made and begins a session. A link is
   * good for one sign-in.
   *
   * `use_sign_in_link`: `POST /api/auth/link`
   */
  useSignInLink(given: params.UseSignInLinkParams, options: CallOptions = {}): Promise<types.SignedIn> {
    return this.#transport.call<types.SignedIn>(operations.USE_SIGN_IN_LINK, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class AuthWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Sign in with a wallet. Takes the wallet's signature of its challenge and begins a session. The first time makes an
   * account. A signature is good for one sign-in.
   *
   * `connect_wallet`: `POST /api/auth/connect`
   */
  connectWallet(given: params.ConnectWalletParams, options: CallOptions = {}): Promise<RawResponse<types.SignedIn>> {
    return this.#transport.callRaw<types.SignedIn>(operations.CONNECT_WALLET, given, options);
  }

  /**
   * Get what a wallet has to sign. The EIP-4361 message of this wallet for the next minutes. It follows from the
   * address, the chain and the time, so asking again changes nothing.
   *
   * `get_sign_in_challenge`: `GET /api/auth/nonce`
   */
  getSignInChallenge(
    given: params.GetSignInChallengeParams,
    options: CallOptions = {},
  ): Promise<RawResponse<types.SignInChallenge>> {
    return this.#transport.callRaw<types.SignInChallenge>(operations.GET_SIGN_IN_CHALLENGE, given, options);
  }

  /**
   * End this session. The token of this call is refused from now on.
   *
   * `log_out`: `POST /api/auth/logout`
   */
  logOut(options: CallOptions = {}): Promise<RawResponse<types.Success>> {
    return this.#transport.callRaw<types.Success>(operations.LOG_OUT, {}, options);
  }

  /**
   * End every session of the account. Every token that the account got so far is refused from now on. API keys are not
   * touched.
   *
   * `log_out_everywhere`: `POST /api/auth/logout-everywhere`
   */
  logOutEverywhere(options: CallOptions = {}): Promise<RawResponse<types.Success>> {
    return this.#transport.callRaw<types.Success>(operations.LOG_OUT_EVERYWHERE, {}, options);
  }

  /**
   * Sign in with a link. Takes the token of a sign-in link that an administrator made and begins a session. A link is
   * good for one sign-in.
   *
   * `use_sign_in_link`: `POST /api/auth/link`
   */
  useSignInLink(given: params.UseSignInLinkParams, options: CallOptions = {}): Promise<RawResponse<types.SignedIn>> {
    return this.#transport.callRaw<types.SignedIn>(operations.USE_SIGN_IN_LINK, given, options);
  }
}

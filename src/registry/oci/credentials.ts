/** How a user is known to a registry. */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** What some registries give in place of a password; tokens for requests are fetched with it. */
  | { readonly kind: 'identity-token'; readonly token: string }
  /** Shown to the registry as it is. */
  | { readonly kind: 'registry-token'; readonly token: string };

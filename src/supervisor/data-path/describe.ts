/** What an unknown thrown value says, for a message to people. */
export function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

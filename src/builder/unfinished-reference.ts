/** A tag outside the registry's own repository: what carries it is not registered. One a service, so that the next build or pull finds it. */
export function unfinishedReference(reference: string): string {
  return reference.replace(/^nstack\//, 'nstack-unfinished/');
}

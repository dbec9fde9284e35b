/** The tag under which a cache holds an image of the engine: `nstack/layers:0f3a` is `layers-0f3a`. Tags know no slash and no colon. */
export function cacheTag(reference: string): string {
  return reference.replace(/^nstack\//, '').replaceAll(/[/:]/g, '-');
}

import type { RegistrySources } from './ask-registry.ts';

const hackage = 'https://hackage.haskell.org';

/** The versions of a library on Hackage that its maintainers recommend, newest first. */
export function hackageVersions({ ask }: RegistrySources) {
  return async (name: string): Promise<readonly string[]> => {
    const text = await ask(`${hackage}/package/${name}/preferred`, 'application/json');
    if (text === undefined) return [];
    const { 'normal-version': versions = [] }: { readonly 'normal-version'?: readonly string[] } =
      JSON.parse(text);
    return versions;
  };
}

import { listIn, type RegistrySources } from './ask-registry.ts';

const hackage = 'https://hackage.haskell.org';

/** The versions of a library on Hackage that its maintainers recommend, newest first. */
export function hackageVersions({ ask }: RegistrySources) {
  return async (name: string): Promise<readonly string[]> => {
    const url = `${hackage}/package/${name}/preferred`;
    const text = await ask(url, 'application/json');
    return text === undefined ? [] : listIn(url, text, 'normal-version').map(String);
  };
}

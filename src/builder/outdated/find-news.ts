import type { PackageIndex, PackageRecipe, PackageSystem, Recipe } from '../../stacks/index.ts';
import type { ServiceLock } from '../lock/service-lock.ts';
import { OutOfReach, type RegistrySources } from './ask-registry.ts';
import { hackageVersions } from './hackage-versions.ts';
import { mavenVersions } from './maven-versions.ts';
import { pypiVersions } from './pypi-versions.ts';

/** A locked package, and what there is of it now. */
export interface PackageNews {
  readonly system: PackageSystem;
  readonly name: string;
  /** Whether it is in the service's image, or in that of what compiles it. */
  readonly part: 'packages' | 'toolchain';
  readonly locked: string;
  /** The newest that what the author asks for admits; undefined where its registry cannot be reached or does not have it. */
  readonly allowed: string | undefined;
  /** The newest of all but pre-releases. */
  readonly newest: string | undefined;
}

export interface News {
  readonly packages: readonly PackageNews[];
  /** Registries that gave no answer, as words for people. */
  readonly outOfReach: readonly string[];
}

export interface NewsSources extends RegistrySources {
  /** What Debian offers now. */
  index(): Promise<PackageIndex>;
}

/** What there is now of each package of a lock. A registry that cannot be reached is said so, and what others say stands. */
export async function findNews(lock: ServiceLock, recipe: Recipe, sources: NewsSources): Promise<News> {
  const parts = [
    { part: 'packages', packages: lock.packages, recipe: recipe.packages },
    { part: 'toolchain', packages: lock.toolchain, recipe: recipe.compile?.toolchain },
  ] as const;
  const outOfReach = new Set<string>();
  const versions = versionsBySystem(sources, outOfReach);
  const found = parts.flatMap(({ part, packages, recipe: asked }) =>
    packages === undefined || asked === undefined
      ? []
      : (Object.keys(versions) as readonly PackageSystem[]).map(async (system) =>
          Promise.all(
            packages[system].map(async ({ name, version, url }) => {
              const there = url === undefined ? await versions[system](name, version) : [];
              return {
                system,
                name,
                part,
                locked: version,
                ...newestOf(there, version, { system, name, asked }),
              };
            }),
          ),
        ),
  );
  return { packages: (await Promise.all(found)).flat(), outOfReach: [...outOfReach] };
}

/** What a registry says is shown to people: no version has other letters. */
const written = /^[\w.+!~-]{1,128}$/;

/** Newest first. */
type Versions = (name: string, locked: string) => Promise<readonly string[]>;

function versionsBySystem(
  sources: NewsSources,
  outOfReach: Set<string>,
): Readonly<Record<PackageSystem, Versions>> {
  let index: Promise<PackageIndex> | undefined;
  const reaching =
    (look: Versions): Versions =>
    async (name, locked) => {
      try {
        return (await look(name, locked)).filter((version) => written.test(version));
      } catch (error) {
        if (!(error instanceof OutOfReach)) throw error;
        outOfReach.add(error.message);
        return [];
      }
    };
  return {
    apt: async (name) => {
      index ??= sources.index();
      const version = (await index).find(name)?.version;
      return version === undefined ? [] : [version];
    },
    pip: reaching(pypiVersions(sources)),
    maven: reaching(mavenVersions(sources)),
    hackage: reaching(hackageVersions(sources)),
  };
}

function newestOf(
  versions: readonly string[],
  locked: string,
  {
    system,
    name,
    asked,
  }: { readonly system: PackageSystem; readonly name: string; readonly asked: PackageRecipe },
): Pick<PackageNews, 'allowed' | 'newest'> {
  const allowed = versions.find((version) => asked.admits({ system, name, version }));
  return { newest: versions[0], allowed: versions.length === 0 ? undefined : (allowed ?? locked) };
}

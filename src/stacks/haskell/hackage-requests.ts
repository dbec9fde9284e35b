import type { PackageRequest } from '../../manifest/index.ts';
import { writtenAs } from '../package-diagnostic.ts';
import type { ServiceFolder } from '../stack.ts';
import { type CabalFile, readCabalFile } from './cabal-file.ts';

/** A library that a service needs by its name on Hackage. */
export interface HackageRequest {
  readonly name: string;
  /** In Cabal's words, without white space: `>=0.13&&<0.14`; empty where any version will do. */
  readonly versions: string;
  /** As its author wrote it: `hackage:vector>=0.13`, or `vector>=0.13`. */
  readonly text: string;
  /** Where it stands in `packages`; undefined where a .cabal file asks for it. */
  readonly request: PackageRequest | undefined;
  /** The file that asks for it, as the user would type it. */
  readonly file: string;
}

/** What a service needs of Hackage: the `hackage:` entries of `packages`, and what its cabal package is built with. What GHC brings is left out. */
export async function hackageRequests(service: ServiceFolder): Promise<readonly HackageRequest[]> {
  const own = service.manifest.packages
    .filter(({ system }) => system === 'hackage')
    .map((request) => ({
      ...partsOf(request.spec),
      text: writtenAs(request),
      request,
      file: service.manifestFile,
    }));
  const cabal = fromCabal(await readCabalFile(service));
  return [...own, ...cabal].filter(({ name }) => !shipped.has(name));
}

function fromCabal(cabal: CabalFile | undefined): readonly HackageRequest[] {
  return (cabal?.dependencies ?? []).map(({ name, versions }) => ({
    name,
    versions,
    text: `${name}${versions}`,
    request: undefined,
    file: cabal?.file ?? '',
  }));
}

function partsOf(spec: string): { readonly name: string; readonly versions: string } {
  const [name = ''] = /^[A-Za-z0-9-]+/.exec(spec) ?? [];
  return { name, versions: spec.slice(name.length) };
}

/** Libraries that come with GHC 9.6, and nstack's own: there whatever is asked. */
const shipped: ReadonlySet<string> = new Set(
  `nstack array base binary bytestring Cabal Cabal-syntax containers deepseq directory exceptions filepath ghc ghc-bignum
  ghc-boot ghc-boot-th ghc-compact ghc-heap ghc-prim ghci haskeline hpc integer-gmp mtl parsec pretty process rts stm
  system-cxx-std-lib template-haskell terminfo text time transformers unix xhtml`.split(/\s+/),
);
